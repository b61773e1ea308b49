//! What went wrong on the other side, in few words and without secrets.
//!
//! Answers of servers are not shown as they are: they quote requests with keys and signatures.

use std::io;

use object_store::client::{HttpError, HttpErrorKind};

use super::{ObjectUrl, dav::Incapable};
use crate::Error;

/// A failure to do something, such as `cannot read`, with an object.
pub(crate) fn failed(doing: &str, url: &ObjectUrl, error: &object_store::Error) -> Error {
    Error::Io {
        doing: format!("{doing} {url}"),
        error: why(error),
    }
}

/// The reason, in our words where there are some.
pub(crate) fn why(error: &object_store::Error) -> io::Error {
    use object_store::Error::{
        AlreadyExists, NotFound, NotSupported, PermissionDenied, Precondition, Unauthenticated,
    };
    let code = code(error);
    let said = code
        .as_deref()
        .map(|code| format!(" ({code})"))
        .unwrap_or_default();
    let (kind, text) = match error {
        NotFound { .. } if code.as_deref() == Some("NoSuchBucket") => (
            io::ErrorKind::NotFound,
            "there is no such bucket".to_owned(),
        ),
        NotFound { .. } => (
            io::ErrorKind::NotFound,
            "there is no such object".to_owned(),
        ),
        PermissionDenied { .. } | Unauthenticated { .. } => (
            io::ErrorKind::PermissionDenied,
            format!(
                "access is denied{said}; check the credentials in the environment or the address"
            ),
        ),
        AlreadyExists { .. } | Precondition { .. } => (
            io::ErrorKind::AlreadyExists,
            "somebody else has changed it".to_owned(),
        ),
        NotSupported { source } if source.is::<Incapable>() => {
            (io::ErrorKind::Unsupported, source.to_string())
        }
        _ => (io::ErrorKind::Other, format!("{}{said}", reason(error))),
    };
    io::Error::new(kind, text)
}

/// The causes of an error, from the outside in.
fn causes(error: &object_store::Error) -> impl Iterator<Item = &(dyn std::error::Error + 'static)> {
    std::iter::successors(
        Some(error as &(dyn std::error::Error + 'static)),
        |&error| error.source(),
    )
}

/// The text of an error's first cause.
pub(super) fn innermost(error: &object_store::Error) -> String {
    let texts = causes(error).map(ToString::to_string);
    texts.last().unwrap_or_default()
}

/// The code in the server's answer, such as `SlowDown`.
fn code(error: &object_store::Error) -> Option<String> {
    let text = innermost(error);
    let (_, rest) = text.split_once("<Code>")?;
    let (code, _) = rest.split_once("</Code>")?;
    let is_code = !code.is_empty()
        && code.len() < 80
        && code.bytes().all(|byte| byte.is_ascii_alphanumeric());
    is_code.then(|| code.to_owned())
}

fn reason(error: &object_store::Error) -> String {
    // The words of the client, which has no code for it.
    if innermost(error) == "URL scheme is not allowed" {
        return "the endpoint starts with http://, which has no encryption; \
                AWS_ALLOW_HTTP=true allows it (or AZURE_…, GOOGLE_…)"
            .to_owned();
    }
    if let Some(http) = causes(error).find_map(|cause| cause.downcast_ref::<HttpError>()) {
        return match http.kind() {
            HttpErrorKind::Connect => "the server cannot be reached",
            HttpErrorKind::Timeout => "the server does not answer in time",
            HttpErrorKind::Request | HttpErrorKind::Interrupted => "the connection broke off",
            HttpErrorKind::Decode => "the answer of the server broke off",
            _ => "the request failed",
        }
        .to_owned();
    }
    let text = innermost(error);
    let status = text
        .split_once("status code: ")
        .and_then(|(_, rest)| rest.get(..3))
        .filter(|status| status.bytes().all(|byte| byte.is_ascii_digit()));
    match status {
        Some("423") => "somebody else has locked it".to_owned(),
        Some(status) => format!("the server answered with status {status}"),
        // What is missing in the address or the environment.
        None if text.contains("issing") && !text.contains(['<', '?', '@']) => text,
        None => "the request failed".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn said(answer: &str) -> String {
        why(&object_store::Error::Generic {
            store: "S3",
            source: answer.to_owned().into(),
        })
        .to_string()
    }

    #[test]
    fn answers_are_not_quoted() {
        let answer = "Server returned non-2xx status code: 503 Service Unavailable: <Error>\
                      <Code>SlowDown</Code><AWSAccessKeyId>sesame</AWSAccessKeyId></Error>";
        assert_eq!(
            said(answer),
            "the server answered with status 503 (SlowDown)"
        );
        assert_eq!(said("<Code>a b: sesame</Code>"), "the request failed");
        assert_eq!(
            said("http://me:sesame@host/?sig=sesame"),
            "the request failed"
        );
        assert_eq!(said("Missing region"), "Missing region");
    }

    #[test]
    fn a_bucket_that_is_not_there_is_told_from_an_object() {
        let absent = |answer: &str| object_store::Error::NotFound {
            path: "a".to_owned(),
            source: answer.to_owned().into(),
        };
        let said = |answer| why(&absent(answer)).to_string();
        assert_eq!(said("<Code>NoSuchBucket</Code>"), "there is no such bucket");
        assert_eq!(said("<Code>NoSuchKey</Code>"), "there is no such object");
    }
}
