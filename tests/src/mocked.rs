//! Stubs of the typed mocks by name.

use huiyi_mock::{Call, Stub};
use serde_json::Value;

use crate::Failure;

/// What a stub answers.
#[derive(Clone, Debug)]
pub enum Given<'a> {
    /// The document's example, because nothing is set.
    Example,
    /// This answer, read into the client's type. For files it is [`FILE`].
    Answer(&'a Value),
    /// This error code.
    Fails(&'a str),
}

/// The content of a file.
pub const FILE: &[u8] = b"a file of the test";

/// Counts the calls that a stub has answered, and reads each of them.
pub type Calls = Box<dyn Fn() -> usize>;

/// Sets what a stub answers.
///
/// # Errors
///
/// [`Failure::Argument`] if the answer does not fit the type.
pub fn give<C: Call>(
    stub: Stub<C>,
    given: &Given<'_>,
    read: impl Fn(&Value) -> Result<C::Answer, Failure>,
) -> Result<Calls, Failure> {
    let stub = match given {
        Given::Example => stub,
        Given::Answer(value) => stub.answers(read(value)?),
        Given::Fails(code) => stub.fails(*code),
    };
    Ok(Box::new(move || stub.calls().len()))
}
