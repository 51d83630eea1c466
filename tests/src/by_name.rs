//! Any vendor's client behind one trait, so a test is written once for all four.

use huiyi_core::BoxFuture;
use serde_json::Value;

use crate::{Arguments, Failure, generated};

/// A client whose operations can be called by name.
pub trait ByName: Send + Sync + std::fmt::Debug {
    /// Calls an operation, and returns its answer as JSON.
    fn call<'a>(&'a self, operation: &'a str, arguments: &'a Arguments) -> BoxFuture<'a, Result<Value, Failure>>;

    /// Follows a list over all its pages, and returns its items as JSON.
    fn collect<'a>(
        &'a self,
        operation: &'a str,
        arguments: &'a Arguments,
    ) -> BoxFuture<'a, Result<Vec<Value>, Failure>>;
}

macro_rules! by_name {
    ($client:ty, $module:ident) => {
        impl ByName for $client {
            fn call<'a>(
                &'a self,
                operation: &'a str,
                arguments: &'a Arguments,
            ) -> BoxFuture<'a, Result<Value, Failure>> {
                Box::pin(generated::$module::call(self, operation, arguments))
            }

            fn collect<'a>(
                &'a self,
                operation: &'a str,
                arguments: &'a Arguments,
            ) -> BoxFuture<'a, Result<Vec<Value>, Failure>> {
                Box::pin(generated::$module::collect(self, operation, arguments))
            }
        }
    };
}

by_name!(huiyi_feishu::Client, feishu);
by_name!(huiyi_wecom::Client, wecom);
by_name!(huiyi_dingtalk::Client, dingtalk);
by_name!(huiyi_tencent::Client, tencent);
