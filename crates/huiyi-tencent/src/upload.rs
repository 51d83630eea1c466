//! Uploading recordings: two operations whose bodies are multipart forms, and one call that does a whole upload in
//! parts.
//!
//! The generator does not support multipart, so these are written by hand. They behave like the generated
//! operations, with the same quota, signature and errors. A form is signed as an empty text. Fields: the official
//! SDK 1.0.12.
//!
//! | call | sends |
//! |---|---|
//! | [`Client::upload_recording`] | the whole upload in parts: prepare, parts, finish |
//! | [`Client::upload_record_file`] | a file in one request |
//! | [`Client::upload_record_part`] | one part, between [`Client::prepare_record_upload`] and [`Client::finish_record_upload`] |

mod blocks;
mod content;
mod file;
mod form;
mod part;
mod recording;
mod setters;

pub use content::{FileContent, Progress};
pub use file::UploadRecordFile;
pub use part::UploadRecordPart;
pub use recording::UploadRecording;

use huiyi_core::operation::Operation;
use huiyi_core::request::Request;
use huiyi_core::wire::Base64Text;
use huiyi_core::{Error, ErrorKind};

use crate::generated::{Client, types};
use form::Encoded;

impl Client {
    /// Uploads a recording in parts, including the first and the last call, and returns the job that processes it.
    ///
    /// The content is read part by part, with one part in memory at a time; the vendor chooses the size. A part of
    /// more than 64 MiB is sent while it is read, and is not retried; its checksum follows the content in the form. If
    /// the answer to a smaller part is lost, the part is sent again, as [`RetryPolicy`](crate::RetryPolicy) allows.
    ///
    /// Sends `POST /v1/files/records/upload-prepare`, `POST /v1/files/records/upload-part` for every
    /// part and `POST /v1/files/records/upload-finish`. The quota counts each of them.
    ///
    /// # Examples
    ///
    /// ```no_run
    /// # async fn run(client: huiyi_tencent::Client) -> Result<(), Box<dyn std::error::Error>> {
    /// use huiyi_tencent::{types, upload::FileContent};
    ///
    /// let job = client
    ///     .upload_recording("周会.mp4", types::UploadFileType::Video, FileContent::open("weekly.mp4").await?, 0)
    ///     .operator_id("tester")
    ///     .operator_id_type(types::OperatorIdType::Userid)
    ///     .on_progress(|progress| eprintln!("{} of {} bytes", progress.sent, progress.total))
    ///     .send()
    ///     .await?;
    /// println!("{:?}", job.job_id);
    /// # Ok(()) }
    /// ```
    #[doc(alias = "分块上传录制文件")]
    pub fn upload_recording(
        &self,
        file_name: impl Into<String>,
        file_type: impl Into<types::UploadFileType>,
        file_content: impl Into<FileContent>,
        speak_number: impl Into<i64>,
    ) -> UploadRecording {
        UploadRecording::new(self, file_name.into(), file_type.into(), file_content.into(), speak_number.into())
    }

    #[doc = include_str!("generated/upload_record_file.md")]
    /// # Time limit
    ///
    /// The whole call must fit into the client's time limit
    /// ([`ClientBuilder::timeout`](crate::ClientBuilder::timeout), 60 seconds by default). For larger files and
    /// unreliable connections, use [`upload_recording`](Self::upload_recording).
    ///
    /// # Examples
    ///
    /// ```no_run
    /// # async fn run(client: huiyi_tencent::Client, sound: Vec<u8>) -> Result<(), Box<dyn std::error::Error>> {
    /// use huiyi_tencent::{types, wire::Base64Text};
    ///
    /// let job = client
    ///     .upload_record_file(Base64Text::from_plain("周会.m4a"), types::UploadFileType::Voice, sound, 3)
    ///     .operator_id("tester")
    ///     .operator_id_type(types::OperatorIdType::Userid)
    ///     .send()
    ///     .await?;
    /// println!("{:?}", job.job_id);
    /// # Ok(()) }
    /// ```
    #[doc(alias = "上传录制文件")]
    #[doc(alias = "/v1/files/records/upload-all")]
    pub fn upload_record_file(
        &self,
        file_name: impl Into<Base64Text>,
        file_type: impl Into<types::UploadFileType>,
        file_content: impl Into<FileContent>,
        speak_number: impl Into<i64>,
    ) -> UploadRecordFile {
        UploadRecordFile::new(self, file_name.into(), file_type.into(), file_content.into(), speak_number.into())
    }

    #[doc = include_str!("generated/upload_record_part.md")]
    /// # Whole uploads
    ///
    /// [`upload_recording`](Self::upload_recording) does all steps. Use this one to resume an upload, or to send parts
    /// from several machines; for that, keep the upload's id and the number of the last part that was stored. A part
    /// whose content is a stream is not retried.
    ///
    /// # Examples
    ///
    /// ```no_run
    /// # async fn run(client: huiyi_tencent::Client, part: Vec<u8>) -> Result<(), Box<dyn std::error::Error>> {
    /// use huiyi_tencent::types;
    ///
    /// client
    ///     .upload_record_part("upload_id", 1, part)
    ///     .operator_id("tester")
    ///     .operator_id_type(types::OperatorIdType::Userid)
    ///     .send()
    ///     .await?;
    /// # Ok(()) }
    /// ```
    #[doc(alias = "分块上传录制文件 - 上传")]
    #[doc(alias = "/v1/files/records/upload-part")]
    pub fn upload_record_part(
        &self,
        upload_id: impl Into<String>,
        file_seq: impl Into<i64>,
        file_content: impl Into<FileContent>,
    ) -> UploadRecordPart {
        UploadRecordPart::new(self, upload_id.into(), file_seq.into(), file_content.into())
    }
}

/// The two fields of a form that name the operator.
#[derive(Clone, Debug, Default)]
pub(super) struct Uploader {
    id: Option<String>,
    id_type: Option<types::OperatorIdType>,
}

impl Uploader {
    /// Returns the values of the call, or else those of the client.
    fn of(self, client: &Client, operation: &'static str) -> Result<(String, String), Error> {
        let said = |name: &str, own: Option<String>| {
            let value = own.or_else(|| client.session.default_of(name).map(str::to_owned));
            value
                .ok_or_else(|| misuse(operation, format!("`{name}` is not set, neither on the call nor on the client")))
        };
        let id_type = self.id_type.map(|id_type| id_type.to_string());
        Ok((said("operator_id", self.id)?, said("operator_id_type", id_type)?))
    }
}

/// Builds an error for a mistake of the program: nothing was sent.
fn misuse(operation: &'static str, reason: impl Into<String>) -> Error {
    Error::builder(ErrorKind::Misuse).call("tencent", operation).message(reason).build()
}

/// Builds the request of a form.
fn request(client: &Client, operation: &'static Operation, form: Encoded) -> Request {
    Request::new(&client.session, operation)
        .stream(&form.content_type, form.body)
        .header("content-length", &form.length)
}
