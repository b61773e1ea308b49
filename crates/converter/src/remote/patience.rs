//! How long servers may take.

use std::time::Duration;

use object_store::{ClientOptions, RetryConfig};

/// The longest wait for a connection.
pub(super) const CONNECT: Duration = Duration::from_secs(5);
/// The longest time without a byte, until a request counts as failed. A part that is sent has to arrive in it.
pub(super) const SILENCE: Duration = Duration::from_secs(120);
/// Bytes a second that are sent at least, where a file goes in one request.
const SLOWEST: u64 = 64 << 10;
/// The time in which requests are tried again. Answers that break off go on within the time of their request,
/// and may have many GiB: it is their number that tries are limited by.
const TRIES: Duration = Duration::from_secs(7 * 24 * 60 * 60);

/// The clients' options. There is no limit to the time of a whole transfer, however long it is.
pub(super) fn options() -> ClientOptions {
    ClientOptions::new()
        .with_timeout_disabled()
        .with_connect_timeout(CONNECT)
        .with_read_timeout(SILENCE)
}

/// The longest time in which so many bytes are sent, and answered.
pub(super) fn upload(bytes: usize) -> Duration {
    SILENCE + Duration::from_secs(bytes as u64 / SLOWEST)
}

/// When a request that has failed is tried again.
pub(super) fn retry() -> RetryConfig {
    RetryConfig {
        retry_timeout: TRIES,
        ..RetryConfig::default()
    }
}

#[cfg(test)]
mod tests {
    use object_store::ClientConfigKey;

    use super::*;

    #[test]
    fn a_transfer_may_take_as_long_as_bytes_arrive() {
        let options = options();
        let value = |key| options.get_config_value(&key);
        assert_eq!(value(ClientConfigKey::Timeout), None);
        assert_eq!(value(ClientConfigKey::ReadTimeout).as_deref(), Some("2m"));
        let retry = retry();
        assert!(retry.retry_timeout > Duration::from_secs(24 * 60 * 60));
        assert!(retry.max_retries <= 10);
    }
}
