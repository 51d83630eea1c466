//! Search aliases of methods, so the documentation finds an operation by the words that people know.

use crate::lower::plan::{Lowered, OperationPlan};

/// Chinese nouns of this field. Those of one line mean the same, so an operation that is about one of them is found
/// by each.
const NOUNS: [&[&str]; 24] = [
    &["会议"],
    &["预约", "预定"],
    &["参会成员", "参会人", "参会者", "会议成员"],
    &["邀请", "受邀成员"],
    &["会议室", "Rooms"],
    &["录制", "云录制"],
    &["转写", "文字记录"],
    &["纪要", "会议纪要"],
    &["妙记"],
    &["听记", "闪记"],
    &["投票"],
    &["报名"],
    &["签到"],
    &["网络研讨会"],
    &["嘉宾"],
    &["等候室"],
    &["布局"],
    &["背景"],
    &["直播"],
    &["会中控制", "会控"],
    &["外呼", "电话"],
    &["部门"],
    &["用户"],
    &["导出"],
];

/// The vendor's title, the nouns that the operation is about, and its path.
pub(super) fn of(lowered: &Lowered, plan: &OperationPlan) -> Vec<String> {
    let title = plan.title_zh.as_deref().unwrap_or_default().trim();
    let resource = lowered.tags.iter().find(|tag| tag.name == plan.tag);
    let resource = resource.map(|tag| tag.title_zh.as_str()).unwrap_or_default();
    let is_about = |noun: &&str| title.contains(*noun) || resource.contains(*noun);
    let nouns = NOUNS.iter().filter(|nouns| nouns.iter().any(is_about)).flat_map(|nouns| nouns.iter());
    let mut aliases: Vec<String> = Vec::new();
    for alias in [title, plan.path.as_str(), resource].into_iter().chain(nouns.copied()) {
        let is_allowed = !alias.is_empty() && !alias.contains(['"', '\'', '\n', '\t']) && alias != plan.id;
        if is_allowed && !aliases.iter().any(|known| known == alias) {
            aliases.push(alias.to_owned());
        }
    }
    aliases
}
