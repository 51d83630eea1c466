//! The request of [`Client::upload_record_part`].

use std::fmt;
use std::sync::Arc;

use huiyi_core::argument;
use huiyi_core::{ApiError, Error, ResponseValue};

use super::content::{FileContent, OnProgress, Progress};
use super::form::Form;
use super::request;
use crate::generated::{Client, types};

/// Request of [`Client::upload_record_part`].
pub struct UploadRecordPart<'a> {
    client: &'a Client,
    operator_id: Result<String, String>,
    operator_id_type: Result<types::OperatorIdType, String>,
    upload_id: Result<String, String>,
    file_seq: Result<i64, String>,
    file_checksum: Result<Option<String>, String>,
    file_content: Result<FileContent, String>,
    listener: Option<OnProgress>,
}

impl<'a> UploadRecordPart<'a> {
    pub(super) fn new(client: &'a Client) -> Self {
        Self {
            client,
            operator_id: argument::unset("upload_record_part", "operator_id"),
            operator_id_type: argument::unset("upload_record_part", "operator_id_type"),
            upload_id: argument::unset("upload_record_part", "upload_id"),
            file_seq: argument::unset("upload_record_part", "file_seq"),
            file_checksum: Ok(None),
            file_content: argument::unset("upload_record_part", "file_content"),
            listener: None,
        }
    }

    /// Who makes the call. What kind of id it is depends on `operator_id_type`; both go together.
    ///
    /// Required.
    #[must_use]
    pub fn operator_id(mut self, value: impl TryInto<String>) -> Self {
        self.operator_id = argument::required(value, "upload_record_part", "operator_id", "String");
        self
    }

    /// Kind of id in `operator_id`, for example 1 for a userid.
    ///
    /// Required.
    #[must_use]
    pub fn operator_id_type(mut self, value: impl TryInto<types::OperatorIdType>) -> Self {
        self.operator_id_type = argument::required(value, "upload_record_part", "operator_id_type", "OperatorIdType");
        self
    }

    /// Id of the upload, from [`prepare_record_upload`](Client::prepare_record_upload).
    ///
    /// Required.
    #[must_use]
    pub fn upload_id(mut self, value: impl TryInto<String>) -> Self {
        self.upload_id = argument::required(value, "upload_record_part", "upload_id", "String");
        self
    }

    /// Number of this part, starting at 1.
    ///
    /// Required.
    #[must_use]
    pub fn file_seq(mut self, value: impl TryInto<i64>) -> Self {
        self.file_seq = argument::required(value, "upload_record_part", "file_seq", "i64");
        self
    }

    /// MD5 of this part's content in hexadecimal digits.
    ///
    /// Required if the content is a stream; for bytes in memory it is computed.
    #[must_use]
    pub fn file_checksum(mut self, value: impl TryInto<String>) -> Self {
        self.file_checksum = argument::optional(value, "upload_record_part", "file_checksum", "String");
        self
    }

    /// Content of this part, from which `file_size` is taken: as long as the `block_size` that
    /// [`prepare_record_upload`](Client::prepare_record_upload) answers; the last part may be shorter.
    ///
    /// Required.
    #[must_use]
    pub fn file_content(mut self, value: impl TryInto<FileContent>) -> Self {
        self.file_content = argument::required(value, "upload_record_part", "file_content", "FileContent");
        self
    }

    /// Is told about the bytes that are handed to the connection, about 64 KiB at a time.
    ///
    /// The body is then a stream, also if the content is in memory: it is sent once.
    #[must_use]
    pub fn on_progress(mut self, listener: impl Fn(Progress) + Send + Sync + 'static) -> Self {
        self.listener = Some(Arc::new(listener));
        self
    }

    /// Sends `POST /v1/files/records/upload-part`.
    ///
    /// The answer: The part is stored.
    ///
    /// # Errors
    ///
    /// `Error::InvalidRequest` if an argument is missing or invalid; `Error::ErrorResponse` if the
    /// vendor refuses or the content cannot be read to its end.
    pub async fn send(self) -> Result<ResponseValue<()>, Error<ApiError>> {
        let content = self.file_content.map_err(Error::InvalidRequest)?;
        let operator_id = self.operator_id.map_err(Error::InvalidRequest)?;
        let operator_id_type = self.operator_id_type.map_err(Error::InvalidRequest)?;
        let upload_id = self.upload_id.map_err(Error::InvalidRequest)?;
        let file_seq = self.file_seq.map_err(Error::InvalidRequest)?;
        let checksum = self.file_checksum.map_err(Error::InvalidRequest)?.or_else(|| content.checksum());
        let checksum = checksum.ok_or_else(|| {
            Error::InvalidRequest("`upload_record_part`: `file_checksum` was not set; a stream needs it".to_owned())
        })?;
        let entropy = self.client.inner.transport().entropy();
        let form = Form::new([entropy.next_u64(), entropy.next_u64()])
            .field("operator_id", &operator_id)
            .field("operator_id_type", &operator_id_type.to_string())
            .field("upload_id", &upload_id)
            .field("file_size", &content.length().to_string())
            .field("file_seq", &file_seq.to_string())
            .field("file_checksum", &checksum)
            .file("file_content", content)
            .encode(self.listener);
        let request = request(self.client, "/v1/files/records/upload-part", form);
        request.empty(self.client, "upload_record_part").await
    }
}

impl fmt::Debug for UploadRecordPart<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("UploadRecordPart").finish_non_exhaustive()
    }
}
