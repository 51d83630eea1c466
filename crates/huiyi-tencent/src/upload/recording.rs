//! A whole upload in parts: prepares it, sends all parts, finishes it.

use std::fmt;
use std::io;
use std::sync::Arc;

use huiyi_core::wire::Base64Text;
use huiyi_core::{Answer, Error, ErrorKind};

use super::blocks::{Blocks, HELD};
use super::content::{FileContent, OnProgress, Progress};
use super::setters::setters;
use super::{Uploader, misuse};
use crate::Operator;
use crate::generated::{Client, types};

/// The name of the whole upload in errors.
const UPLOAD: &str = "upload_recording";

/// Request of [`Client::upload_recording`].
#[must_use = "a request does nothing until it is sent"]
pub struct UploadRecording {
    client: Client,
    uploader: Uploader,
    file_name: String,
    file_type: types::UploadFileType,
    file_content: FileContent,
    speak_number: i64,
    ai_record: Option<bool>,
    listener: Option<OnProgress>,
    held: u64,
}

impl UploadRecording {
    pub(super) fn new(
        client: &Client,
        file_name: String,
        file_type: types::UploadFileType,
        file_content: FileContent,
        speak_number: i64,
    ) -> Self {
        Self {
            client: client.clone(),
            uploader: Uploader::default(),
            file_name,
            file_type,
            file_content,
            speak_number,
            ai_record: None,
            listener: None,
            held: HELD,
        }
    }

    setters!(operator, ai_record);

    /// Sets a listener that is called after every part with the number of bytes that the vendor has stored.
    pub fn on_progress(mut self, listener: impl Fn(Progress) + Send + Sync + 'static) -> Self {
        self.listener = Some(Arc::new(listener));
        self
    }

    /// Sets the size of the largest part that is held in memory, for tests.
    #[doc(hidden)]
    pub fn hold_at_most(mut self, bytes: u64) -> Self {
        self.held = bytes;
        self
    }

    /// Uploads the file.
    ///
    /// Returns the job that processes the file.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Misuse`](crate::ErrorKind::Misuse) if an argument is missing or invalid;
    /// [`ErrorKind::Other`](crate::ErrorKind::Other) if the content cannot be read to its end; the vendor's error
    /// if it refuses a step, which [`Error::operation`] names. An upload that failed is not finished; the next
    /// upload stores all parts again.
    pub async fn send(self) -> Result<Answer<types::RecordUploadJob>, Error> {
        let (operator_id, operator_id_type) = self.uploader.of(&self.client, UPLOAD)?;
        let client = self
            .client
            .operator(Operator::new(operator_id, operator_id_type.parse().unwrap_or(types::OperatorIdType::Userid)));
        let content = self.file_content;
        let total = content.length();
        let file_size = i64::try_from(total).map_err(|_| misuse(UPLOAD, "`file_content` is too long"))?;
        if file_size == 0 {
            return Err(misuse(UPLOAD, "`file_content` is empty"));
        }

        let file_name = Base64Text::from_plain(&self.file_name);
        let body = types::PrepareRecordUploadRequest::new(file_name, self.file_type, file_size);
        let prepared = client.prepare_record_upload(body).send().await?.into_inner();
        let Some((upload_id, block_size)) = plan(prepared) else {
            let reason = "prepare_record_upload answered without an id of the upload or a size of the parts";
            return Err(failure(reason.to_owned()));
        };

        let mut blocks = Blocks::new(content, block_size, self.held);
        let (mut number, mut sent) = (0_i64, 0_u64);
        while let Some(block) = blocks.next(total - sent).await.map_err(|error| unreadable(&error, sent, total))? {
            number += 1;
            sent += block.length();
            let _ = client.upload_record_part(&*upload_id, number, block).summed_while_sent().send().await?;
            if let Some(listener) = &self.listener {
                listener(Progress::new(sent, total));
            }
        }

        let mut body = types::FinishRecordUploadRequest::new(upload_id, self.speak_number);
        if let Some(ai_record) = self.ai_record {
            body = body.ai_record(ai_record);
        }
        client.finish_record_upload(body).send().await
    }
}

impl fmt::Debug for UploadRecording {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("UploadRecording").finish_non_exhaustive()
    }
}

/// Returns the upload's id and the size of its parts.
fn plan(prepared: types::PrepareRecordUploadResponse) -> Option<(String, u64)> {
    let upload_id = prepared.upload_id.filter(|id| !id.is_empty());
    let block_size = prepared.block_size.and_then(|size| u64::try_from(size).ok()).filter(|size| *size > 0);
    upload_id.zip(block_size)
}

fn unreadable(error: &io::Error, sent: u64, total: u64) -> Error {
    let stored = format!("{sent} of {total} bytes were stored");
    failure(format!("`file_content` cannot be read to its end, {stored}: {error}"))
}

/// Builds the error of an upload that was started.
fn failure(reason: String) -> Error {
    Error::builder(ErrorKind::Other).call("tencent", UPLOAD).message(reason).uncertain().build()
}
