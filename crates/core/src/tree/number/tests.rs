use super::{Integer, Number};

#[test]
fn integers_in_any_notation() {
    use Integer::{Fraction, TooLarge, Value};
    for (text, integer) in [
        ("0", Value(0)),
        ("-0", Value(0)),
        ("-0.000", Value(0)),
        ("0e99999999999999999999999", Value(0)),
        ("0.0e-99999999999999999999999", Value(0)),
        ("12", Value(12)),
        ("-12", Value(-12)),
        ("12.0", Value(12)),
        ("1.2e1", Value(12)),
        ("1.2E+0001", Value(12)),
        ("1200e-2", Value(12)),
        ("0.0012e4", Value(12)),
        ("9223372036854775807", Value(i64::MAX)),
        ("-9223372036854775808", Value(i64::MIN)),
        ("922337203685477580.7e1", Value(i64::MAX)),
        ("9223372036854775808", TooLarge),
        ("-9223372036854775809", TooLarge),
        ("1e19", TooLarge),
        ("1e99999999999999999999999", TooLarge),
        ("0.5", Fraction),
        ("1.25e1", Fraction),
        ("12e-1", Fraction),
        ("1e-99999999999999999999999", Fraction),
        ("9223372036854775808.5", Fraction),
    ] {
        assert_eq!(Integer::parse(text), integer, "{text}");
    }
    let long = format!("1{}e-100000", "0".repeat(100_000));
    assert_eq!(Integer::parse(&long), Value(1));
}

#[test]
fn spelling_survives() {
    for (value, text) in [(12_i64, "12"), (12, "12.0"), (12, "1.2e1"), (0, "-0")] {
        let number = Number::spelled(value, text).unwrap();
        assert_eq!(*number, value);
        assert_eq!(serde_json::to_string(&number).unwrap(), text);
    }
    assert_eq!(Number::spelled(12, "12").unwrap(), Number::from(12));
    assert_eq!(serde_json::to_string(&Number::from(60.5)).unwrap(), "60.5");
}
