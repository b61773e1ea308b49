use super::whole as check;
use crate::{Error, ErrorKind, Expected};

fn error(payload: &[u8]) -> Error {
    let shown = String::from_utf8_lossy(payload);
    check(payload, 8)
        .err()
        .unwrap_or_else(|| panic!("accepted: {shown}"))
}

/// Kind, offset and path of an error.
fn fails(payload: impl AsRef<[u8]>) -> (String, u64, String) {
    let error = error(payload.as_ref());
    let kind = match error.kind() {
        ErrorKind::Syntax { expected, .. } => format!("{expected:?}"),
        ErrorKind::TrailingData { .. } => "TrailingData".to_owned(),
        kind => format!("{kind:?}"),
    };
    (kind, error.offset(), error.path().to_owned())
}

/// One line a case: payload, kind, offset, path.
macro_rules! cases {
    ($($name:ident { $($payload:expr => $kind:literal $offset:literal $path:literal)+ })+) => {$(
        #[test]
        fn $name() {
            $(assert_eq!(
                fails($payload),
                ($kind.to_owned(), $offset, $path.to_owned()),
                "{:?}",
                $payload
            );)+
        }
    )+};
}

cases! {
    empty {
        "" => "Empty" 0 "$"
        " \r\n\t" => "Empty" 4 "$"
        "\u{feff}" => "Empty" 3 "$"
    }

    truncated {
        "{" => "Truncated" 1 "$"
        "{ " => "Truncated" 2 "$"
        "[" => "Truncated" 1 "$"
        "[ " => "Truncated" 2 "$"
        "[[" => "Truncated" 2 "$[0]"
        "[1," => "Truncated" 3 "$[1]"
        "[1, " => "Truncated" 4 "$[1]"
        "[1" => "Truncated" 2 "$"
        "[-" => "Truncated" 2 "$[0]"
        "[1." => "Truncated" 3 "$[0]"
        "[1e" => "Truncated" 3 "$[0]"
        "[1e+" => "Truncated" 4 "$[0]"
        "[tru" => "Truncated" 4 "$[0]"
        "{\"a" => "Truncated" 3 "$"
        "{\"a\"" => "Truncated" 4 "$"
        "{\"a\":" => "Truncated" 5 "$.a"
        "{\"a\": " => "Truncated" 6 "$.a"
        "{\"a\":1" => "Truncated" 6 "$"
        "{\"a\":1," => "Truncated" 7 "$"
        "{\"a\":\"b" => "Truncated" 7 "$.a"
        "{\"a\":\"\\" => "Truncated" 7 "$.a"
        "[\"\\u12" => "Truncated" 6 "$[0]"
        "[\"\\ud800" => "Truncated" 8 "$[0]"
        "[\"\\ud800\\" => "Truncated" 9 "$[0]"
        "[\"\\ud800\\u" => "Truncated" 10 "$[0]"
        "[\"\\ud800\\ud" => "Truncated" 11 "$[0]"
        "{\"a\":[{\"b\":{}},{\"c d\":[" => "Truncated" 23 "$.a[1]['c d']"
        b"[\"\xE2\x82" => "Truncated" 4 "$[0]"
        b"[\"\\\xE2\x82" => "Truncated" 5 "$[0]"
    }

    values {
        "x" => "Value" 0 "$"
        "[x" => "ValueOrEnd" 1 "$[0]"
        "[ x" => "ValueOrEnd" 2 "$[0]"
        "[}" => "ValueOrEnd" 1 "$[0]"
        "[,1]" => "ValueOrEnd" 1 "$[0]"
        "[1,]" => "Value" 3 "$[1]"
        "[1,,2]" => "Value" 3 "$[1]"
        "[+1]" => "ValueOrEnd" 1 "$[0]"
        "[.1]" => "ValueOrEnd" 1 "$[0]"
        "['a']" => "ValueOrEnd" 1 "$[0]"
        "{\"a\":}" => "Value" 5 "$.a"
        "{\"a\":\x0c1}" => "Value" 5 "$.a"
        "[\0]" => "ValueOrEnd" 1 "$[0]"
        "[NaN]" => "ValueOrEnd" 1 "$[0]"
        "[é]" => "ValueOrEnd" 1 "$[0]"
        b"[\xE2\x82" => "ValueOrEnd" 1 "$[0]"
    }

    keys_and_separators {
        "{1" => "KeyOrEnd" 1 "$"
        "{,}" => "KeyOrEnd" 1 "$"
        "{a:1}" => "KeyOrEnd" 1 "$"
        "{\"a\":1,}" => "Key" 7 "$"
        "{\"a\":1,2" => "Key" 7 "$"
        "{\"a\" 1}" => "Colon" 5 "$"
        "{\"a\"}" => "Colon" 4 "$"
        "{\"a\":1 \"b\"" => "CommaOrBrace" 7 "$"
        "{\"a\":1]" => "CommaOrBrace" 6 "$"
        "{\"a\":{\"b\":1:" => "CommaOrBrace" 11 "$.a"
        "[1 2]" => "CommaOrBracket" 3 "$"
        "[1}" => "CommaOrBracket" 2 "$"
        "[01]" => "CommaOrBracket" 2 "$"
        "[-01]" => "CommaOrBracket" 3 "$"
        "[0x1]" => "CommaOrBracket" 2 "$"
        "[[]1" => "CommaOrBracket" 3 "$"
        "[nulll]" => "CommaOrBracket" 5 "$"
        "[\"a\"\u{a0}]" => "CommaOrBracket" 4 "$"
    }

    scalars {
        "[trux]" => "Literal" 4 "$[0]"
        "[falsE]" => "Literal" 5 "$[0]"
        "[nul]" => "Literal" 4 "$[0]"
        "[-]" => "Digit" 2 "$[0]"
        "[-x]" => "Digit" 2 "$[0]"
        "[1.]" => "Digit" 3 "$[0]"
        "[1.e1]" => "Digit" 3 "$[0]"
        "[1e]" => "Digit" 3 "$[0]"
        "[1e+]" => "Digit" 4 "$[0]"
        "[1e+-1]" => "Digit" 4 "$[0]"
    }

    strings {
        "[\"a\nb\"]" => "EscapedControl" 3 "$[0]"
        "{\"a\0\":1}" => "EscapedControl" 3 "$"
        "[\"\\x\"]" => "Escape" 3 "$[0]"
        "[\"\\é\"]" => "Escape" 3 "$[0]"
        "[\"\\U0041\"]" => "Escape" 3 "$[0]"
        "[\"\\u12x4\"]" => "HexDigit" 6 "$[0]"
        "[\"\\u12\"]" => "HexDigit" 6 "$[0]"
        "[\"\\ud800\\uzzzz\"]" => "HexDigit" 10 "$[0]"
        "[\"\\ud800\"]" => "LoneSurrogate" 2 "$[0]"
        "[\"\\ud800\\n\"]" => "LoneSurrogate" 2 "$[0]"
        "[\"\\ud800x\"]" => "LoneSurrogate" 2 "$[0]"
        "[\"\\ud800\\u0041\"]" => "LoneSurrogate" 2 "$[0]"
        "[\"\\ud800\\ud800\\udc00\"]" => "LoneSurrogate" 2 "$[0]"
        "[\"a\\udfff\"]" => "LoneSurrogate" 3 "$[0]"
    }

    utf8 {
        b"[\"a\xFF\"]" => "InvalidUtf8" 3 "$[0]"
        b"[\"a\xC0\x80\"]" => "InvalidUtf8" 3 "$[0]"
        b"[\"\xED\xA0\x80\"]" => "InvalidUtf8" 2 "$[0]"
        b"[\"\xE2\x82\"]" => "InvalidUtf8" 2 "$[0]"
        b"[\"\xF4\x90\x80\x80\"]" => "InvalidUtf8" 2 "$[0]"
        b"{\"\xFF\":1}" => "InvalidUtf8" 2 "$"
        b"[\xFF]" => "InvalidUtf8" 1 "$[0]"
        b"[1\xFF]" => "InvalidUtf8" 2 "$"
        b"[tr\xFF]" => "InvalidUtf8" 3 "$[0]"
        b"{}\xFF" => "InvalidUtf8" 2 "$"
    }

    trailing_data {
        "{} x" => "TrailingData" 3 "$"
        "{}}" => "TrailingData" 2 "$"
        "1 2" => "TrailingData" 2 "$"
        "null,null" => "TrailingData" 4 "$"
        "{}\0" => "TrailingData" 2 "$"
        "{}é" => "TrailingData" 2 "$"
        "\"\"\u{feff}" => "TrailingData" 2 "$"
        b"{}\xE2\x82" => "TrailingData" 2 "$"
    }

    too_deep {
        "[[[[[[[[[" => "TooDeep { limit: 8 }" 8 "$[0][0][0][0][0][0][0][0]"
        "[0,[[[[[[[{\"a\":{" => "TooDeep { limit: 8 }" 10 "$[1][0][0][0][0][0][0][0]"
        "{\"a\":[[[[[[{\"b\":{" => "TooDeep { limit: 8 }" 16 "$.a[0][0][0][0][0][0].b"
    }
}

#[test]
fn the_first_offence_counts() {
    // Deep before truncated, truncated only where nothing else is wrong.
    assert_eq!(fails("[[[[[[[[[1,}").0, "TooDeep { limit: 8 }");
    assert_eq!(fails("[\"\\ud800\\u0041").0, "LoneSurrogate");
    assert_eq!(fails(b"{} \xE2\x82").0, "TrailingData");
}

#[test]
fn places_are_lines_and_characters() {
    let error = error("\u{feff}[\"ä€\",\r\n  \"𐀀\" x]".as_bytes());
    assert_eq!((error.line(), error.column(), error.offset()), (2, 7, 23));
    assert_eq!(
        error.to_string(),
        "expected `,` or `]`, found `x` at line 2, column 7 (byte 23), in $"
    );
    assert!(matches!(
        error.kind(),
        ErrorKind::Syntax {
            expected: Expected::CommaOrBracket,
            found: b'x'
        }
    ));
}

#[test]
fn nesting_costs_no_stack() {
    let levels = 1_000_000;
    let payload = "[".repeat(levels) + &"]".repeat(levels);
    let document = check(payload.as_bytes(), u32::MAX).unwrap();
    assert_eq!(document.depth(), levels as u32);
    let limit = levels as u32 - 1;
    assert_eq!(
        check(payload.as_bytes(), limit).unwrap_err().offset(),
        u64::from(limit)
    );
}
