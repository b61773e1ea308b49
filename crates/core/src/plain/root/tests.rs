use crate::{ErrorKind, plain::read_only};

fn found(payload: &str) -> (String, bool) {
    let error = read_only(payload.as_bytes(), 8).unwrap_err();
    assert_eq!((error.path(), error.offset()), ("$", 1));
    match error.kind() {
        ErrorKind::NotAnOperatorTree { found, api_error } => (found.clone(), *api_error),
        kind => panic!("{kind}"),
    }
}

#[test]
fn other_values_are_named() {
    for (payload, words) in [
        (" []", "an empty list"),
        (" [null, null ]", "a list of nothing but null"),
        (" 42", "a number"),
        (" \"x\"", "a text"),
        (" false", "a boolean"),
        (" null", "null"),
        (" {}", "an empty object"),
        (r#" {"a":1}"#, "an object with `a`"),
        (
            r#" {"c":1,"a":1,"c":2,"b":1}"#,
            "an object with `c`, `a`, `b`",
        ),
        (
            r#" {"d":{"x":1},"c":1,"b":1,"a":1}"#,
            "an object with `d`, `c`, `b` and more",
        ),
    ] {
        assert_eq!(found(payload), (words.to_owned(), false));
    }
}

#[test]
fn error_answers_of_the_api_are_recognised() {
    assert!(found(r#" {"message":"no"}"#).1);
    assert!(found(r#" {"x":1,"statusCode":401}"#).1);
    assert!(found(r#" "401: Customer not found or not authorised""#).1);
}

#[test]
fn one_of_the_lists_will_do() {
    for payload in [
        r#"{"operatorGroups":5}"#,
        r#"{"spareOperators":null}"#,
        r#"{"spareOperator":[]}"#,
    ] {
        assert!(read_only(payload.as_bytes(), 8).is_ok());
    }
}

#[test]
fn syntax_comes_first() {
    let error = read_only(b"[1,2", 8).unwrap_err();
    assert!(matches!(error.kind(), ErrorKind::Truncated));
}
