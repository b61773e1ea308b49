use super::{Content, ROOT};
use crate::plain::check::whole as check;

#[test]
fn paths_show_names_as_they_are_and_quote_other_keys() {
    for (key, path) in [
        ("a", "$.a"),
        ("_aZ9", "$._aZ9"),
        ("", "$['']"),
        ("9a", "$['9a']"),
        ("a b", "$['a b']"),
        ("ä", "$['ä']"),
        (r"it's", r"$['it\'s']"),
        (r#"\\ \""#, r#"$['\\ "']"#),
        (
            r"\b\f\n\r\t\u000b\u007f",
            "$['\\b\\f\\n\\r\\t\\u000b\u{7f}']",
        ),
    ] {
        let payload = format!(r#"{{"{key}":0}}"#);
        let document = check(payload.as_bytes(), 8).unwrap();
        let member = document.nodes().last().unwrap();
        assert_eq!(document.path(member), path);
    }
}

#[test]
fn of_equal_keys_the_last_one_counts() {
    let document = check(br#"{"a":1,"b":[{"a":2,"a":3}],"\u0061":4}"#, 8).unwrap();
    let Content::Object(members) = document.content(ROOT) else {
        panic!("the root is an object")
    };
    assert_eq!(members.keys().collect::<Vec<_>>(), ["a", "b"]);
    assert_eq!(document.text(members["a"]), "4");
    let lost: Vec<_> = document
        .lost()
        .iter()
        .map(|&node| document.text(node))
        .collect();
    assert_eq!(lost, ["2", "1"]);
}

#[test]
fn values_are_what_is_written() {
    let document = check("\u{feff} {\"a\" : [ 1 , \"é\" ] } ".as_bytes(), 8).unwrap();
    let texts: Vec<_> = document.nodes().map(|node| document.text(node)).collect();
    assert_eq!(
        texts,
        ["{\"a\" : [ 1 , \"é\" ] }", "[ 1 , \"é\" ]", "1", "\"é\""]
    );
    let places = document.places(document.nodes());
    assert_eq!(
        places.iter().map(|place| place.offset).collect::<Vec<_>>(),
        [4, 11, 13, 17]
    );
    assert_eq!(
        places.iter().map(|place| place.column).collect::<Vec<_>>(),
        [2, 9, 11, 15]
    );
    assert_eq!(document.depth(), 2);
}
