//! The request of [`Client::upload_record_file`].

use std::fmt;
use std::sync::Arc;

use huiyi_core::argument;
use huiyi_core::wire::Base64Text;
use huiyi_core::{ApiError, Error, ResponseValue};

use super::content::{FileContent, OnProgress, Progress};
use super::form::Form;
use super::request;
use crate::generated::{Client, types};

/// Request of [`Client::upload_record_file`].
pub struct UploadRecordFile<'a> {
    client: &'a Client,
    operator_id: Result<String, String>,
    operator_id_type: Result<types::OperatorIdType, String>,
    file_name: Result<Base64Text, String>,
    file_type: Result<types::UploadFileType, String>,
    file_checksum: Result<Option<String>, String>,
    file_content: Result<FileContent, String>,
    speak_number: Result<i64, String>,
    ai_record: Result<Option<bool>, String>,
    listener: Option<OnProgress>,
}

impl<'a> UploadRecordFile<'a> {
    pub(super) fn new(client: &'a Client) -> Self {
        Self {
            client,
            operator_id: argument::unset("upload_record_file", "operator_id"),
            operator_id_type: argument::unset("upload_record_file", "operator_id_type"),
            file_name: argument::unset("upload_record_file", "file_name"),
            file_type: argument::unset("upload_record_file", "file_type"),
            file_checksum: Ok(None),
            file_content: argument::unset("upload_record_file", "file_content"),
            speak_number: argument::unset("upload_record_file", "speak_number"),
            ai_record: Ok(None),
            listener: None,
        }
    }

    /// Who makes the call. What kind of id it is depends on `operator_id_type`; both go together.
    ///
    /// Required.
    #[must_use]
    pub fn operator_id(mut self, value: impl TryInto<String>) -> Self {
        self.operator_id = argument::required(value, "upload_record_file", "operator_id", "String");
        self
    }

    /// Kind of id in `operator_id`, for example 1 for a userid.
    ///
    /// Required.
    #[must_use]
    pub fn operator_id_type(mut self, value: impl TryInto<types::OperatorIdType>) -> Self {
        self.operator_id_type = argument::required(value, "upload_record_file", "operator_id_type", "OperatorIdType");
        self
    }

    /// Name of the file in Base64: [`Base64Text::from_plain`] encodes.
    ///
    /// Required.
    #[must_use]
    pub fn file_name(mut self, value: impl TryInto<Base64Text>) -> Self {
        self.file_name = argument::required(value, "upload_record_file", "file_name", "Base64Text");
        self
    }

    /// Kind of file.
    ///
    /// Required.
    #[must_use]
    pub fn file_type(mut self, value: impl TryInto<types::UploadFileType>) -> Self {
        self.file_type = argument::required(value, "upload_record_file", "file_type", "UploadFileType");
        self
    }

    /// MD5 of the content in hexadecimal digits.
    ///
    /// Required if the content is a stream; for bytes in memory it is computed.
    #[must_use]
    pub fn file_checksum(mut self, value: impl TryInto<String>) -> Self {
        self.file_checksum = argument::optional(value, "upload_record_file", "file_checksum", "String");
        self
    }

    /// Content of the file, from which `file_size` is taken. A stream is sent once and never repeated.
    ///
    /// Required.
    #[must_use]
    pub fn file_content(mut self, value: impl TryInto<FileContent>) -> Self {
        self.file_content = argument::required(value, "upload_record_file", "file_content", "FileContent");
        self
    }

    /// Number of people who speak in the file, at most 12; 0 means several.
    ///
    /// Required.
    #[must_use]
    pub fn speak_number(mut self, value: impl TryInto<i64>) -> Self {
        self.speak_number = argument::required(value, "upload_record_file", "speak_number", "i64");
        self
    }

    /// Whether to make a transcript and smart minutes of the file. Default true.
    ///
    /// Optional.
    #[must_use]
    pub fn ai_record(mut self, value: impl TryInto<bool>) -> Self {
        self.ai_record = argument::optional(value, "upload_record_file", "ai_record", "bool");
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

    /// Sends `POST /v1/files/records/upload-all`.
    ///
    /// The answer: The job that takes the file in.
    ///
    /// # Errors
    ///
    /// `Error::InvalidRequest` if an argument is missing or invalid; `Error::ErrorResponse` if the
    /// vendor refuses or the content cannot be read to its end.
    pub async fn send(self) -> Result<ResponseValue<types::RecordUploadJob>, Error<ApiError>> {
        let content = self.file_content.map_err(Error::InvalidRequest)?;
        let operator_id = self.operator_id.map_err(Error::InvalidRequest)?;
        let operator_id_type = self.operator_id_type.map_err(Error::InvalidRequest)?;
        let file_name = self.file_name.map_err(Error::InvalidRequest)?;
        let file_type = self.file_type.map_err(Error::InvalidRequest)?;
        let speak_number = self.speak_number.map_err(Error::InvalidRequest)?;
        let ai_record = self.ai_record.map_err(Error::InvalidRequest)?;
        let checksum = self.file_checksum.map_err(Error::InvalidRequest)?.or_else(|| content.checksum());
        let checksum = checksum.ok_or_else(|| {
            Error::InvalidRequest("`upload_record_file`: `file_checksum` was not set; a stream needs it".to_owned())
        })?;
        let entropy = self.client.inner.transport().entropy();
        let mut form = Form::new([entropy.next_u64(), entropy.next_u64()])
            .field("operator_id", &operator_id)
            .field("operator_id_type", &operator_id_type.to_string())
            .field("file_name", file_name.as_str())
            .field("file_type", &file_type.to_string())
            .field("file_size", &content.length().to_string())
            .field("file_checksum", &checksum)
            .file("file_content", content)
            .field("speak_number", &speak_number.to_string());
        if let Some(ai_record) = ai_record {
            form = form.field("ai_record", &ai_record.to_string());
        }
        let request = request(self.client, "/v1/files/records/upload-all", form.encode(self.listener));
        request.flat(self.client, "upload_record_file").await
    }
}

impl fmt::Debug for UploadRecordFile<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("UploadRecordFile").finish_non_exhaustive()
    }
}
