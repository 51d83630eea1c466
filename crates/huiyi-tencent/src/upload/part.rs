//! The request of [`Client::upload_record_part`].

use std::fmt;

use huiyi_core::{Answer, Error};

use super::content::{FileContent, OnProgress};
use super::form::Form;
use super::setters::setters;
use super::{Uploader, misuse, request};
use crate::generated::{Client, operations};

/// Request of [`Client::upload_record_part`].
#[must_use = "a request does nothing until it is sent"]
pub struct UploadRecordPart {
    client: Client,
    uploader: Uploader,
    upload_id: String,
    file_seq: i64,
    file_content: FileContent,
    file_checksum: Option<String>,
    is_summed_while_sent: bool,
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
            is_summed_while_sent: false,
            listener: None,
        }
    }

    setters!(operator, file_checksum, on_progress);

    /// If there is no checksum, computes it while the content is sent and sends it after the content.
    ///
    /// The vendor does not say that the order of the fields counts, but its own SDK always sends the checksum first.
    pub(super) fn summed_while_sent(mut self) -> Self {
        self.is_summed_while_sent = true;
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
        let checksum = self.file_checksum.or_else(|| content.checksum());
        let entropy = self.client.session.transport().entropy();
        let form = Form::new([entropy.next_u64(), entropy.next_u64()])
            .field("operator_id", &operator_id)
            .field("operator_id_type", &operator_id_type)
            .field("upload_id", &self.upload_id)
            .field("file_size", &content.length().to_string())
            .field("file_seq", &self.file_seq.to_string());
        let form = match checksum {
            Some(checksum) => form.field("file_checksum", &checksum).file("file_content", content),
            None if self.is_summed_while_sent => form.file("file_content", content).checksum("file_checksum"),
            None => return Err(misuse("upload_record_part", "`file_checksum` is not set; a stream needs it")),
        };
        request(&self.client, &operations::UPLOAD_RECORD_PART, form.encode(self.listener)).empty().await
    }
}

impl fmt::Debug for UploadRecordPart {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("UploadRecordPart").finish_non_exhaustive()
    }
}
