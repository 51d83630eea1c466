//! The request of [`Client::upload_record_file`].

use std::fmt;

use huiyi_core::wire::Base64Text;
use huiyi_core::{Answer, Error};

use super::content::{FileContent, OnProgress};
use super::form::Form;
use super::setters::setters;
use super::{Uploader, misuse, request};
use crate::generated::{Client, operations, types};

/// Request of [`Client::upload_record_file`].
#[must_use = "a request does nothing until it is sent"]
pub struct UploadRecordFile {
    client: Client,
    uploader: Uploader,
    file_name: Base64Text,
    file_type: types::UploadFileType,
    file_content: FileContent,
    speak_number: i64,
    file_checksum: Option<String>,
    ai_record: Option<bool>,
    listener: Option<OnProgress>,
}

impl UploadRecordFile {
    pub(super) fn new(
        client: &Client,
        file_name: Base64Text,
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
            file_checksum: None,
            ai_record: None,
            listener: None,
        }
    }

    setters!(operator, file_checksum, ai_record, on_progress);

    /// Sends `POST /v1/files/records/upload-all`.
    ///
    /// Returns the job that processes the file.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Misuse`](crate::ErrorKind::Misuse) if an argument cannot be sent; the errors of any call if the
    /// vendor refuses or the content cannot be read to its end.
    pub async fn send(self) -> Result<Answer<types::RecordUploadJob>, Error> {
        let (operator_id, operator_id_type) = self.uploader.of(&self.client, "upload_record_file")?;
        let content = self.file_content;
        let Some(checksum) = self.file_checksum.or_else(|| content.checksum()) else {
            return Err(misuse("upload_record_file", "`file_checksum` is not set; a stream needs it"));
        };
        let entropy = self.client.session.transport().entropy();
        let mut form = Form::new([entropy.next_u64(), entropy.next_u64()])
            .field("operator_id", &operator_id)
            .field("operator_id_type", &operator_id_type)
            .field("file_name", self.file_name.as_str())
            .field("file_type", &self.file_type.to_string())
            .field("file_size", &content.length().to_string())
            .field("file_checksum", &checksum)
            .file("file_content", content)
            .field("speak_number", &self.speak_number.to_string());
        if let Some(ai_record) = self.ai_record {
            form = form.field("ai_record", &ai_record.to_string());
        }
        request(&self.client, &operations::UPLOAD_RECORD_FILE, form.encode(self.listener)).flat().await
    }
}

impl fmt::Debug for UploadRecordFile {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("UploadRecordFile").finish_non_exhaustive()
    }
}
