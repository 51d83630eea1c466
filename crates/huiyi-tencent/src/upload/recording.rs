//! A whole upload in parts: announce, send part after part, finish.

use std::fmt;
use std::io;
use std::sync::Arc;

use bytes::{Bytes, BytesMut};
use futures_util::stream::StreamExt as _;
use huiyi_core::argument;
use huiyi_core::wire::Base64Text;
use huiyi_core::{ApiError, Error, ResponseValue};

use super::content::{FileContent, OnProgress, Pieces, Progress};
use crate::generated::{Client, types};

/// Request of [`Client::upload_recording`].
pub struct UploadRecording<'a> {
    client: &'a Client,
    operator_id: Result<String, String>,
    operator_id_type: Result<types::OperatorIdType, String>,
    file_name: Result<String, String>,
    file_type: Result<types::UploadFileType, String>,
    file_content: Result<FileContent, String>,
    speak_number: Result<i64, String>,
    ai_record: Result<Option<bool>, String>,
    listener: Option<OnProgress>,
}

impl<'a> UploadRecording<'a> {
    pub(super) fn new(client: &'a Client) -> Self {
        Self {
            client,
            operator_id: argument::unset("upload_recording", "operator_id"),
            operator_id_type: argument::unset("upload_recording", "operator_id_type"),
            file_name: argument::unset("upload_recording", "file_name"),
            file_type: argument::unset("upload_recording", "file_type"),
            file_content: argument::unset("upload_recording", "file_content"),
            speak_number: argument::unset("upload_recording", "speak_number"),
            ai_record: Ok(None),
            listener: None,
        }
    }

    /// Who makes the call. What kind of id it is depends on `operator_id_type`; both go together.
    ///
    /// Required.
    #[must_use]
    pub fn operator_id(mut self, value: impl TryInto<String>) -> Self {
        self.operator_id = argument::required(value, "upload_recording", "operator_id", "String");
        self
    }

    /// Kind of id in `operator_id`, for example 1 for a userid.
    ///
    /// Required.
    #[must_use]
    pub fn operator_id_type(mut self, value: impl TryInto<types::OperatorIdType>) -> Self {
        self.operator_id_type = argument::required(value, "upload_recording", "operator_id_type", "OperatorIdType");
        self
    }

    /// Name of the file as people read it; it is encoded on the way.
    ///
    /// Required.
    #[must_use]
    pub fn file_name(mut self, value: impl TryInto<String>) -> Self {
        self.file_name = argument::required(value, "upload_recording", "file_name", "String");
        self
    }

    /// Kind of file.
    ///
    /// Required.
    #[must_use]
    pub fn file_type(mut self, value: impl TryInto<types::UploadFileType>) -> Self {
        self.file_type = argument::required(value, "upload_recording", "file_type", "UploadFileType");
        self
    }

    /// Content of the file: bytes, [`FileContent::open`] for a file on disk, or
    /// [`FileContent::stream`].
    ///
    /// Required.
    #[must_use]
    pub fn file_content(mut self, value: impl TryInto<FileContent>) -> Self {
        self.file_content = argument::required(value, "upload_recording", "file_content", "FileContent");
        self
    }

    /// Number of people who speak in the file, at most 12; 0 means several.
    ///
    /// Required.
    #[must_use]
    pub fn speak_number(mut self, value: impl TryInto<i64>) -> Self {
        self.speak_number = argument::required(value, "upload_recording", "speak_number", "i64");
        self
    }

    /// Whether to make a transcript and smart minutes of the file. Default true.
    ///
    /// Optional.
    #[must_use]
    pub fn ai_record(mut self, value: impl TryInto<bool>) -> Self {
        self.ai_record = argument::optional(value, "upload_recording", "ai_record", "bool");
        self
    }

    /// Is told after every part how many bytes the vendor has stored.
    #[must_use]
    pub fn on_progress(mut self, listener: impl Fn(Progress) + Send + Sync + 'static) -> Self {
        self.listener = Some(Arc::new(listener));
        self
    }

    /// Uploads the file.
    ///
    /// The answer: The job that takes the file in.
    ///
    /// # Errors
    ///
    /// `Error::InvalidRequest` if an argument is missing or invalid; `Error::Custom` if the content cannot
    /// be read to its end; `Error::ErrorResponse` if the vendor refuses a step, which
    /// [`ApiError::operation`] names. What was stored until then is not finished, and is stored anew by the
    /// next upload.
    pub async fn send(self) -> Result<ResponseValue<types::RecordUploadJob>, Error<ApiError>> {
        let content = self.file_content.map_err(Error::InvalidRequest)?;
        let operator_id = self.operator_id.map_err(Error::InvalidRequest)?;
        let operator_id_type = self.operator_id_type.map_err(Error::InvalidRequest)?;
        let file_name = Base64Text::from_plain(&self.file_name.map_err(Error::InvalidRequest)?);
        let file_type = self.file_type.map_err(Error::InvalidRequest)?;
        let speak_number = self.speak_number.map_err(Error::InvalidRequest)?;
        let ai_record = self.ai_record.map_err(Error::InvalidRequest)?;
        let total = content.length();
        let file_size = i64::try_from(total)
            .map_err(|_| Error::InvalidRequest("`upload_recording`: `file_content` is too long".to_owned()))?;
        if file_size == 0 {
            return Err(Error::InvalidRequest("`upload_recording`: `file_content` is empty".to_owned()));
        }

        let body = types::PrepareRecordUploadRequest::new(
            &*operator_id,
            operator_id_type.clone(),
            file_name,
            file_type,
            file_size,
        );
        let prepared = self.client.prepare_record_upload().body(body).send().await?.into_inner();
        let Some((upload_id, block_size)) = plan(prepared) else {
            let reason = "prepare_record_upload answered without an id of the upload or a size of the parts";
            return Err(Error::Custom(reason.to_owned()));
        };

        let mut blocks = Blocks { pieces: content.into_pieces(), rest: Bytes::new(), size: block_size };
        let (mut number, mut sent) = (0_i64, 0_u64);
        while let Some(block) = blocks.next().await.map_err(|error| unreadable(&error, sent, total))? {
            number += 1;
            sent += block.len() as u64;
            let part =
                self.client.upload_record_part().operator_id(&*operator_id).operator_id_type(operator_id_type.clone());
            part.upload_id(&*upload_id).file_seq(number).file_content(block).send().await?;
            if let Some(listener) = &self.listener {
                listener(Progress::new(sent, total));
            }
        }

        let mut body = types::FinishRecordUploadRequest::new(operator_id, operator_id_type, upload_id, speak_number);
        if let Some(ai_record) = ai_record {
            body = body.ai_record(ai_record);
        }
        self.client.finish_record_upload().body(body).send().await
    }
}

impl fmt::Debug for UploadRecording<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("UploadRecording").finish_non_exhaustive()
    }
}

/// The upload's id and the size of its parts.
fn plan(prepared: types::PrepareRecordUploadResponse) -> Option<(String, usize)> {
    let upload_id = prepared.upload_id.filter(|id| !id.is_empty());
    let block_size = prepared.block_size.and_then(|size| usize::try_from(size).ok()).filter(|size| *size > 0);
    upload_id.zip(block_size)
}

fn unreadable(error: &io::Error, sent: u64, total: u64) -> Error<ApiError> {
    let stored = format!("{sent} of {total} bytes were stored");
    Error::Custom(format!("`upload_recording`: `file_content` cannot be read to its end, {stored}: {error}"))
}

/// Cuts a stream into blocks of one size; only the last one is smaller.
struct Blocks {
    pieces: Pieces,
    rest: Bytes,
    size: usize,
}

impl Blocks {
    async fn next(&mut self) -> io::Result<Option<Bytes>> {
        if self.rest.len() >= self.size {
            return Ok(Some(self.rest.split_to(self.size)));
        }
        let mut block = BytesMut::from(std::mem::take(&mut self.rest));
        while block.len() < self.size {
            let Some(mut piece) = self.pieces.next().await.transpose()? else { break };
            let missing = self.size - block.len();
            if piece.len() > missing {
                self.rest = piece.split_off(missing);
            }
            block.extend_from_slice(&piece);
        }
        Ok((!block.is_empty()).then(|| block.freeze()))
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test may stop at the first surprise")]
mod tests {
    use bytes::Bytes;
    use futures_util::stream;

    use super::Blocks;

    #[tokio::test]
    async fn blocks_are_of_one_size_however_the_content_comes() {
        for cuts in [vec![10], vec![1; 10], vec![3, 4, 3], vec![4, 4, 2], vec![0, 9, 0, 1]] {
            let whole = Bytes::from_static(b"0123456789");
            let mut from = 0;
            let pieces: Vec<_> = cuts
                .iter()
                .map(|length| {
                    from += length;
                    Ok(whole.slice(from - length..from))
                })
                .collect();
            let mut blocks = Blocks { pieces: Box::pin(stream::iter(pieces)), rest: Bytes::new(), size: 4 };

            let mut found = Vec::new();
            while let Some(block) = blocks.next().await.unwrap() {
                found.push(block);
            }

            assert_eq!(found, ["0123", "4567", "89"], "{cuts:?}");
        }
    }
}
