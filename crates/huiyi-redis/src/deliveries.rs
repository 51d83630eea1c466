//! Deliveries of events that any process has seen before.

use std::time::Duration;

use huiyi_core::StoreError;

use crate::connection::Redis;

impl Redis {
    /// Records a delivery for this time. Returns whether it is the first with this id among all processes.
    ///
    /// `id` is the vendor's name followed by the id of the event. Vendors repeat deliveries for some hours.
    ///
    /// # Errors
    ///
    /// If Redis cannot be reached. It is then unknown whether the delivery is the first.
    pub async fn is_first_delivery(&self, id: &str, remember: Duration) -> Result<bool, StoreError> {
        let name = self.key("delivery", id);
        let ttl = u64::try_from(remember.as_millis()).unwrap_or(u64::MAX).clamp(1, 1 << 52);
        let set: Option<String> = self
            .run(|mut connection| async move {
                let mut command = redis::cmd("SET");
                command.arg(name).arg("").arg("NX").arg("PX").arg(ttl);
                command.query_async(&mut connection).await
            })
            .await?;
        Ok(set.is_some())
    }

    /// Removes a delivery because handling it failed. The next one with its id counts as the first again.
    ///
    /// # Errors
    ///
    /// If Redis cannot be reached.
    pub async fn forget_delivery(&self, id: &str) -> Result<(), StoreError> {
        let name = self.key("delivery", id);
        self.run(|mut connection| async move { redis::cmd("DEL").arg(name).query_async(&mut connection).await }).await
    }
}
