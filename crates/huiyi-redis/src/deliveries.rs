//! Deliveries of events that were seen before, by any process.

use std::time::Duration;

use huiyi_core::StoreError;

use crate::connection::Redis;

impl Redis {
    /// Remembers a delivery for so long. Returns whether it is the first with this id, among all processes.
    ///
    /// `id` is that of the event, with the vendor's name before it. Vendors deliver again for some hours.
    ///
    /// # Errors
    ///
    /// If Redis cannot be reached: then nobody knows.
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

    /// Forgets a delivery, so that the next with its id is the first again: the work on it failed.
    ///
    /// # Errors
    ///
    /// If Redis cannot be reached.
    pub async fn forget_delivery(&self, id: &str) -> Result<(), StoreError> {
        let name = self.key("delivery", id);
        self.run(|mut connection| async move { redis::cmd("DEL").arg(name).query_async(&mut connection).await }).await
    }
}
