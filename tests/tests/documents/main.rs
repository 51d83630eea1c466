//! What is written agrees with what is there: the bundled documents, the tables of operations and quotas, the READMEs.

mod openapi;
mod operation_tables;
mod quota_tables;
mod readme;
