//! The protobuf message of Feishu's long connection (proto2, package `pbbp2`).
//!
//! It is written by hand: two small messages need little code, and `prost` and its derive macro would add crates to
//! every dependent's build. Also, required fields must be written even if they are 0, and a proto3 codec omits
//! them.

use bytes::Bytes;

/// A control frame.
pub(super) const CONTROL: i32 = 0;
/// A data frame.
pub(super) const DATA: i32 = 1;
/// A frame of the vendor has about ten headers. In memory, an empty header takes many times its two bytes.
const MOST_HEADERS: usize = 256;

/// A frame.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[allow(missing_docs, reason = "named as in the vendor's clients, and hidden")]
pub struct Frame {
    pub seq_id: u64,
    pub log_id: u64,
    pub service: i32,
    pub method: i32,
    pub headers: Vec<(String, String)>,
    pub payload_encoding: Option<String>,
    pub payload_type: Option<String>,
    pub payload: Option<Bytes>,
    pub log_id_new: Option<String>,
}

/// The bytes are not a frame.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Malformed;

const VARINT: u64 = 0;
const FIXED_64: u64 = 1;
const LENGTH: u64 = 2;
const FIXED_32: u64 = 5;

/// An encoded frame without its payload. Many events wait with theirs, so it is small.
pub(super) struct AroundPayload {
    /// Up to the headers.
    front: Box<[u8]>,
    /// Between the headers and the payload.
    middle: Box<[u8]>,
    end: Box<[u8]>,
}

impl AroundPayload {
    /// Joins the parts, with one more header and a payload.
    pub(super) fn join(&self, header: Option<(&str, &str)>, payload: Option<&[u8]>) -> Vec<u8> {
        let mut bytes = self.front.to_vec();
        header.into_iter().for_each(|(key, value)| header_field(&mut bytes, key, value));
        bytes.extend_from_slice(&self.middle);
        payload.into_iter().for_each(|payload| text(&mut bytes, 8, payload));
        bytes.extend_from_slice(&self.end);
        bytes
    }
}

fn header_field(bytes: &mut Vec<u8>, key: &str, value: &str) {
    let mut header = Vec::with_capacity(4 + key.len() + value.len());
    text(&mut header, 1, key.as_bytes());
    text(&mut header, 2, value.as_bytes());
    text(bytes, 5, &header);
}

impl Frame {
    /// Returns the value of a header; if a key repeats, the first value counts.
    #[must_use]
    pub fn header(&self, key: &str) -> Option<&str> {
        self.headers.iter().find(|(name, _)| name == key).map(|(_, value)| value.as_str())
    }

    /// Encodes the frame, with its fields in the order of their numbers.
    #[must_use]
    pub fn encode(&self) -> Vec<u8> {
        self.around_payload().join(None, self.payload.as_deref())
    }

    /// Encodes everything but the payload.
    pub(super) fn around_payload(&self) -> AroundPayload {
        let mut front = Vec::with_capacity(64 + 32 * self.headers.len());
        number(&mut front, 1, self.seq_id);
        number(&mut front, 2, self.log_id);
        // A negative int32 is encoded as an int64, in ten bytes.
        number(&mut front, 3, i64::from(self.service).cast_unsigned());
        number(&mut front, 4, i64::from(self.method).cast_unsigned());
        self.headers.iter().for_each(|(key, value)| header_field(&mut front, key, value));
        let [mut middle, mut end] = [const { Vec::new() }; 2];
        for (field, value) in [(6, &self.payload_encoding), (7, &self.payload_type)] {
            value.iter().for_each(|value| text(&mut middle, field, value.as_bytes()));
        }
        self.log_id_new.iter().for_each(|value| text(&mut end, 9, value.as_bytes()));
        AroundPayload { front: front.into(), middle: middle.into(), end: end.into() }
    }

    /// Decodes a frame. Missing fields are 0 or empty; unknown fields are ignored.
    ///
    /// # Errors
    ///
    /// If the bytes are not a protobuf message, a known field has another type, or there are more than 256 headers.
    pub fn decode(bytes: &Bytes) -> Result<Self, Malformed> {
        let mut frame = Self::default();
        let mut reader = Reader { bytes, at: 0 };
        while let Some((field, value)) = reader.field()? {
            match (field, value) {
                (1, Value::Number(value)) => frame.seq_id = value,
                (2, Value::Number(value)) => frame.log_id = value,
                (3, Value::Number(value)) => frame.service = int32(value),
                (4, Value::Number(value)) => frame.method = int32(value),
                (5, Value::Bytes(..)) if frame.headers.len() == MOST_HEADERS => return Err(Malformed),
                (5, Value::Bytes(start, end)) => frame.headers.push(header(&bytes.slice(start..end))?),
                (6, Value::Bytes(start, end)) => frame.payload_encoding = Some(utf8(&bytes[start..end])?),
                (7, Value::Bytes(start, end)) => frame.payload_type = Some(utf8(&bytes[start..end])?),
                (8, Value::Bytes(start, end)) => frame.payload = Some(bytes.slice(start..end)),
                (9, Value::Bytes(start, end)) => frame.log_id_new = Some(utf8(&bytes[start..end])?),
                (1..=9, _) => return Err(Malformed),
                _ => {}
            }
        }
        Ok(frame)
    }
}

fn number(bytes: &mut Vec<u8>, field: u64, value: u64) {
    varint(bytes, field << 3 | VARINT);
    varint(bytes, value);
}

fn text(bytes: &mut Vec<u8>, field: u64, value: &[u8]) {
    varint(bytes, field << 3 | LENGTH);
    varint(bytes, value.len() as u64);
    bytes.extend_from_slice(value);
}

fn varint(bytes: &mut Vec<u8>, mut value: u64) {
    while value >= 0x80 {
        bytes.push((value & 0x7f) as u8 | 0x80);
        value >>= 7;
    }
    bytes.push(value as u8);
}

/// Protobuf takes the lower 32 bits of a number that is too large.
fn int32(value: u64) -> i32 {
    (value as u32).cast_signed()
}

fn utf8(bytes: &[u8]) -> Result<String, Malformed> {
    std::str::from_utf8(bytes).map(str::to_owned).map_err(|_| Malformed)
}

fn header(bytes: &Bytes) -> Result<(String, String), Malformed> {
    let (mut key, mut value) = (String::new(), String::new());
    let mut reader = Reader { bytes, at: 0 };
    while let Some(field) = reader.field()? {
        match field {
            (1, Value::Bytes(start, end)) => key = utf8(&bytes[start..end])?,
            (2, Value::Bytes(start, end)) => value = utf8(&bytes[start..end])?,
            (1 | 2, _) => return Err(Malformed),
            _ => {}
        }
    }
    Ok((key, value))
}

enum Value {
    Number(u64),
    /// Start and end of the bytes.
    Bytes(usize, usize),
    Other,
}

struct Reader<'a> {
    bytes: &'a [u8],
    at: usize,
}

impl Reader<'_> {
    fn field(&mut self) -> Result<Option<(u64, Value)>, Malformed> {
        if self.at == self.bytes.len() {
            return Ok(None);
        }
        let tag = self.varint()?;
        let value = match tag & 7 {
            VARINT => Value::Number(self.varint()?),
            LENGTH => {
                let length = usize::try_from(self.varint()?).map_err(|_| Malformed)?;
                let start = self.skip(length)?;
                Value::Bytes(start, self.at)
            }
            FIXED_64 => self.skip(8).map(|_| Value::Other)?,
            FIXED_32 => self.skip(4).map(|_| Value::Other)?,
            // Groups are obsolete.
            _ => return Err(Malformed),
        };
        if tag >> 3 == 0 { Err(Malformed) } else { Ok(Some((tag >> 3, value))) }
    }

    /// Moves ahead by `length` bytes and returns where they start.
    fn skip(&mut self, length: usize) -> Result<usize, Malformed> {
        let (start, end) = (self.at, self.at.checked_add(length).ok_or(Malformed)?);
        if end > self.bytes.len() {
            return Err(Malformed);
        }
        self.at = end;
        Ok(start)
    }

    fn varint(&mut self) -> Result<u64, Malformed> {
        let mut value = 0;
        for place in 0..10 {
            let byte = *self.bytes.get(self.at).ok_or(Malformed)?;
            self.at += 1;
            value |= u64::from(byte & 0x7f) << (7 * place);
            if byte < 0x80 {
                return Ok(value);
            }
        }
        Err(Malformed)
    }
}
