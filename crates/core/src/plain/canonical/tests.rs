use super::{Classes, canonical};
use crate::plain::{check::whole as check, document::ROOT};

fn text(payload: &str) -> String {
    canonical(&check(payload.as_bytes(), 8).unwrap(), ROOT)
}

#[test]
fn equal_values_have_one_text() {
    for (payload, canonical) in [
        (" { \"b\" : 1 , \"a\" : [ ] } ", r#"{"a":[],"b":1}"#),
        (r#"{"a":1,"a":2}"#, r#"{"a":2}"#),
        (
            r#"{"":{},"ab":0,"a":0,"B":0}"#,
            r#"{"":{},"B":0,"a":0,"ab":0}"#,
        ),
        ("[1.0,1,1e0,-0,1E+2]", "[1.0,1,1e0,-0,1E+2]"),
        (
            r#""\u0041\/\u00e9\u001f\u007f\ud83d\ude00""#,
            "\"A/é\\u001f\u{7f}😀\"",
        ),
        (
            r#""\u0008\u000c\u000a\u000d\u0009\u0022\u005c""#,
            r#""\b\f\n\r\t\"\\""#,
        ),
    ] {
        assert_eq!(text(payload), canonical);
    }
}

#[test]
fn classes_are_equality_of_texts() {
    let payload =
        br#"[{"a":1,"b":[2]},{"b":[2],"a":1},{"a":1,"a":1.0,"b":[2]},[2],"\u0061","a",1,null]"#;
    let document = check(payload, 8).unwrap();
    let classes = Classes::new(&document);
    for one in document.nodes() {
        for other in document.nodes() {
            assert_eq!(
                classes.class(one) == classes.class(other),
                canonical(&document, one) == canonical(&document, other)
            );
        }
    }
}
