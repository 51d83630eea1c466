//! The request of [`Client::upload_record_file`].

use std::fmt;
use std::sync::Arc;

use huiyi_core::wire::Base64Text;
use huiyi_core::{Answer, Error};

use super::content::{FileContent, OnProgress, Progress};
use super::form::Form;
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

    /// Sets the MD5 of the content in hexadecimal digits.
    ///
    /// Required if the content is a stream; for bytes in memory it is computed.
    pub fn file_checksum(mut self, value: impl Into<String>) -> Self {
        self.file_checksum = Some(value.into());
        self
    }

    /// Sets whether to make a transcript and smart minutes of the file. Default: true.
    pub fn ai_record(mut self, value: impl Into<bool>) -> Self {
        self.ai_record = Some(value.into());
        self
    }

    /// Sets a listener for the bytes that are passed to the connection, about 64 KiB at a time.
    ///
    /// The body is then a stream, even if the content is in memory: it is sent once.
    pub fn on_progress(mut self, listener: impl Fn(Progress) + Send + Sync + 'static) -> Self {
        self.listener = Some(Arc::new(listener));
        self
    }

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
