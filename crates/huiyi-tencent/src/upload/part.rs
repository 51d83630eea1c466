//! The request of [`Client::upload_record_part`].

use std::fmt;
use std::sync::Arc;

use huiyi_core::{Answer, Error};

use super::content::{FileContent, OnProgress, Progress};
use super::form::Form;
use super::{Uploader, misuse, request};
use crate::generated::{Client, operations, types};

/// Request of [`Client::upload_record_part`].
#[must_use = "a request does nothing until it is sent"]
pub struct UploadRecordPart {
    client: Client,
    uploader: Uploader,
    upload_id: String,
    file_seq: i64,
    file_content: FileContent,
    file_checksum: Option<String>,
    listener: Option<OnProgress>,
}

impl UploadRecordPart {
    pub(super) fn new(client: &Client, upload_id: String, file_seq: i64, file_content: FileContent) -> Self {
        Self {
            client: client.clone(),
            uploader: Uploader::default(),
            upload_id,
            file_seq,
            file_content,
            file_checksum: None,
            listener: None,
        }
    }

    /// Sets the caller. `operator_id_type` says what kind of id it is; set both together.
    ///
    /// If unset, the client's value is sent.
    pub fn operator_id(mut self, value: impl Into<String>) -> Self {
        self.uploader.id = Some(value.into());
        self
    }

    /// Sets the kind of id in `operator_id`, for example 1 for a userid.
    ///
    /// If unset, the client's value is sent.
    pub fn operator_id_type(mut self, value: impl Into<types::OperatorIdType>) -> Self {
        self.uploader.id_type = Some(value.into());
        self
    }

    /// Sets the MD5 of this part's content in hexadecimal digits.
    ///
    /// Required if the content is a stream; for bytes in memory it is computed.
    pub fn file_checksum(mut self, value: impl Into<String>) -> Self {
        self.file_checksum = Some(value.into());
        self
    }

    /// Sets a listener for the bytes that are passed to the connection, about 64 KiB at a time.
    ///
    /// The body is then a stream, even if the content is in memory: it is sent once.
    pub fn on_progress(mut self, listener: impl Fn(Progress) + Send + Sync + 'static) -> Self {
        self.listener = Some(Arc::new(listener));
        self
    }

    /// Sends `POST /v1/files/records/upload-part`.
    ///
    /// Success means that the part is stored.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Misuse`](crate::ErrorKind::Misuse) if an argument cannot be sent; the errors of any call if the
    /// vendor refuses or the content cannot be read to its end.
    pub async fn send(self) -> Result<Answer<()>, Error> {
        let (operator_id, operator_id_type) = self.uploader.of(&self.client, "upload_record_part")?;
        let content = self.file_content;
        let Some(checksum) = self.file_checksum.or_else(|| content.checksum()) else {
            return Err(misuse("upload_record_part", "`file_checksum` is not set; a stream needs it"));
        };
        let entropy = self.client.session.transport().entropy();
        let form = Form::new([entropy.next_u64(), entropy.next_u64()])
            .field("operator_id", &operator_id)
            .field("operator_id_type", &operator_id_type)
            .field("upload_id", &self.upload_id)
            .field("file_size", &content.length().to_string())
            .field("file_seq", &self.file_seq.to_string())
            .field("file_checksum", &checksum)
            .file("file_content", content)
            .encode(self.listener);
        request(&self.client, &operations::UPLOAD_RECORD_PART, form).empty().await
    }
}

impl fmt::Debug for UploadRecordPart {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("UploadRecordPart").finish_non_exhaustive()
    }
}
