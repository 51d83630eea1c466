//! The setters that several requests of uploads have.

/// Adds setters to a request: one group for each name.
macro_rules! setters {
    ($($group:ident),+) => {
        $(super::setters::setters!(@$group);)+
    };
    (@operator) => {
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
        pub fn operator_id_type(mut self, value: impl Into<crate::generated::types::OperatorIdType>) -> Self {
            self.uploader.id_type = Some(value.into());
            self
        }
    };
    (@file_checksum) => {
        /// Sets the MD5 of `file_content` in hexadecimal digits.
        ///
        /// Required if the content is a stream; for bytes in memory it is computed.
        pub fn file_checksum(mut self, value: impl Into<String>) -> Self {
            self.file_checksum = Some(value.into());
            self
        }
    };
    (@ai_record) => {
        /// Sets whether to make a transcript and smart minutes of the file. Default: true.
        pub fn ai_record(mut self, value: impl Into<bool>) -> Self {
            self.ai_record = Some(value.into());
            self
        }
    };
    (@on_progress) => {
        /// Sets a listener for the bytes that are passed to the connection, about 64 KiB at a time.
        ///
        /// The body is then a stream, even if the content is in memory: it is sent once.
        pub fn on_progress(mut self, listener: impl Fn(crate::upload::Progress) + Send + Sync + 'static) -> Self {
            self.listener = Some(::std::sync::Arc::new(listener));
            self
        }
    };
}

pub(super) use setters;
