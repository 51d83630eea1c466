//! The codes of DingTalk's pages, with their kinds and the attempts of a call.

use huiyi_dingtalk::ErrorKind;

use ErrorKind::{Auth, Conflict, InvalidParameter, NotFound, Permission, QuotaExhausted, RateLimited, Unavailable};

/// Codes of the general pages and of the token calls: HTTP status, code, kind, and the total number of attempts of
/// a call that reads.
pub(crate) const GENERAL: &[(u16, &str, ErrorKind, usize)] = &[
    (400, "InvalidAuthentication", Auth, 2),
    (400, "accesstoken.expired", Auth, 2),
    (400, "Missingbody", InvalidParameter, 1),
    (400, "commonParamIllegal", InvalidParameter, 1),
    (403, "Forbidden.AccessDenied.AccessTokenPermissionDenied", Permission, 1),
    (403, "Forbidden.AccessDenied.IpNotInWhiteList", Permission, 1),
    (403, "Forbidden.AccessDenied.QpsLimitForAppkeyAndApi", RateLimited, 3),
    (403, "Forbidden.AccessDenied.QpmLimitForAppkeyAndApi", RateLimited, 1),
    (403, "Forbidden.AccessDenied.QpsLimitForSuitekeyAndOrgAndApi", RateLimited, 3),
    (403, "Forbidden.AccessDenied.QpmLimitForSuitekeyAndOrgAndApi", RateLimited, 1),
    (403, "Forbidden.AccessDenied.QpsLimitForApi", RateLimited, 3),
    (403, "Forbidden.AccessDenied.ApiCountLimitForOrg", QuotaExhausted, 1),
    (429, "system.busy", RateLimited, 3),
    (429, "systemBusy", RateLimited, 3),
    (400, "invalidClientIdOrSecret", Auth, 1),
    (400, "invalidSuiteKey", Auth, 1),
    (400, "invalidSuiteTicket", Auth, 1),
    (400, "invalidAuthInfo", Permission, 1),
    (400, "invalid.client", Auth, 1),
    (400, "unsupported.grant.type", InvalidParameter, 1),
    (401, "unauthorized.client", Permission, 1),
    (500, "server.error", Unavailable, 3),
];

/// Codes of the conference pages, with every HTTP status that a page gives them.
pub(crate) const OF_PAGES: &[(&[u16], &str, ErrorKind, usize)] = &[
    (&[400], "cloudRecordNotFound", NotFound, 1),
    (&[400], "commandError", InvalidParameter, 1),
    (&[400], "confClosed", Conflict, 1),
    (&[400], "creatorUidError", InvalidParameter, 1),
    (&[400], "extensionAppSettingError", InvalidParameter, 1),
    (&[400], "file.no.minutes", Conflict, 1),
    (&[400], "illegalRequest", InvalidParameter, 1),
    (&[500], "innerSystemError", Unavailable, 3),
    (&[400], "invalidRoomCode", NotFound, 1),
    (&[400], "invalidScheduleConferenceId", NotFound, 1),
    (&[400], "missingRoomCode", InvalidParameter, 1),
    (&[400], "missingRoomId", InvalidParameter, 1),
    (&[400, 403], "noPermission", Permission, 1),
    (&[400], "orgAccessForbidden", Permission, 1),
    (&[400], "param.error", InvalidParameter, 1),
    (&[400], "paramError", InvalidParameter, 1),
    (&[400], "paramsError", InvalidParameter, 1),
    (&[400], "paramsTitleError", InvalidParameter, 1),
    (&[400, 404], "permissionError", Permission, 1),
    (&[400], "query.agent.error", NotFound, 1),
    (&[400], "query.file.error", NotFound, 1),
    (&[404], "recordStartError", Conflict, 1),
    (&[404], "recordStartPermissionError", Permission, 1),
    (&[400], "recordStopError", Conflict, 1),
    (&[400], "recordStopPermissionError", Permission, 1),
    (&[400], "request.permission.denied", Permission, 1),
    (&[400], "request.too.fast", RateLimited, 3),
    (&[400], "resourceCancel", Conflict, 1),
    (&[400], "resourceClose", Conflict, 1),
    (&[400], "roomClosed", Conflict, 1),
    (&[404], "roomNotFound", NotFound, 1),
    (&[400], "scheduleConferenceIdError", InvalidParameter, 1),
    (&[500], "system.error", Unavailable, 3),
    (&[500], "systemError", Unavailable, 3),
    (&[400], "unknownUserError", InvalidParameter, 1),
    (&[400], "userNotInOrg", Permission, 1),
    (&[404], "waterLimitError", RateLimited, 3),
];

/// Codes of the older interface, which some responses carry as `errcode`, also with status 200.
pub(crate) const OF_THE_OLDER_INTERFACE: &[(i64, ErrorKind, usize)] = &[
    (-1, Unavailable, 3),
    (88, Auth, 1),
    (40_001, Auth, 2),
    (40_014, Auth, 2),
    (40_089, Auth, 1),
    (42_001, Auth, 2),
    (43_007, Auth, 1),
    (60_011, Permission, 1),
    (90_002, RateLimited, 3),
    (90_005, RateLimited, 3),
    (90_006, RateLimited, 3),
    (90_018, RateLimited, 3),
    (90_020, QuotaExhausted, 1),
];
