//! Directories that are no output, and files that were changed.

use super::*;

/// What reading gives where a file of a good directory was replaced.
fn error(format: &Format, file: &str, edit: impl FnOnce(&std::path::Path)) -> String {
    let dir = write(&testing::dataset(3), format);
    edit(&dir.path().join(file));
    let package = Package::open(dir.path());
    let read = package.and_then(|package| {
        let mut defs = schema::tables().iter();
        defs.try_for_each(|def| package.table(def).map(drop))
    });
    let error = read.unwrap_err();
    assert!(error.path().starts_with(dir.path()));
    let text = error.to_string();
    text.replace(&dir.path().display().to_string(), "DIR")
}

fn replaced(from: &'static str, to: &'static str) -> impl FnOnce(&std::path::Path) {
    move |path| {
        let text = fs::read_to_string(path).unwrap();
        assert!(text.contains(from), "{text}");
        fs::write(path, text.replacen(from, to, 1)).unwrap();
    }
}

#[test]
fn a_directory_that_is_no_output_is_refused() {
    let dir = tempfile::tempdir().unwrap();
    let text = super::dataset(dir.path()).unwrap_err().to_string();
    assert!(
        text.ends_with(
            ": this is no output of voltree, it has no datapackage.json; \
             give a directory that `voltree convert --out` wrote"
        ),
        "{text}"
    );
    let none = super::dataset(&dir.path().join("none")).unwrap_err();
    assert!(matches!(none.kind(), ErrorKind::Io(_)), "{none}");
}

#[test]
fn a_manifest_that_is_not_ours_is_refused() {
    let format = csv(b',', "");
    let manifest = "datapackage.json";
    let cases: [(&str, &str, &str); 5] = [
        ("{", "[", "this is no manifest of voltree: "),
        (
            r#""schema_version": "1""#,
            r#""schema_version": "0""#,
            "the tables have schema version 0, this voltree reads 1;",
        ),
        (
            r#""path": "sites.csv""#,
            r#""path": "../sites.csv""#,
            "this is no manifest of voltree: `../sites.csv` lies outside of the directory;",
        ),
        (
            r#""delimiter": ",""#,
            r#""delimiter": "…""#,
            "this is no manifest of voltree: `…` is no delimiter;",
        ),
        (
            r#""name": "users""#,
            r#""name": "drivers""#,
            "table users is not listed here;",
        ),
    ];
    for (from, to, expected) in cases {
        let text = error(&format, manifest, replaced(from, to));
        let expected = format!("DIR/datapackage.json: {expected}");
        assert!(text.starts_with(&expected), "{text}");
    }
}

#[test]
fn csv_that_was_changed_is_refused_with_its_place() {
    let format = csv(b',', "");
    let cases = [
        (
            "position\r\n",
            "position,\r\n",
            "the file is damaged: row 1 has 4 fields, the header has 5;",
        ),
        (
            "home",
            "home,",
            "the file is damaged: row 1 has 5 fields, the header has 4;",
        ),
        ("position", "place", "column position is missing;"),
        (
            "\r\n1,",
            "\r\n1.5,",
            "row 2, column site_id: `1.5` is no 64-bit integer; the file was changed,",
        ),
        ("\r\n1,", "\r\n,", "the file is damaged: "),
        ("\r\n1,t", "\r\n1,\"t", "the file is damaged: row 2 has"),
    ];
    for (from, to, expected) in cases {
        let edit = |path: &std::path::Path| {
            let text =
                "site_id,charger_id,view,position\r\n0,t,home,0\r\n1,t,home,0\r\n2,t,home,0\r\n";
            fs::write(path, text).unwrap();
            replaced(from, to)(path);
        };
        let text = error(&format, "site_chargers.csv", edit);
        assert!(
            text.starts_with(&format!("DIR/site_chargers.csv: {expected}")),
            "{text}"
        );
    }
}

#[test]
fn files_that_are_missing_or_cut_off_are_refused() {
    for format in [Format::default(), csv(b',', "")] {
        let file = format!("chargers.{}", format.name());
        let text = error(&format, &file, |path| fs::remove_file(path).unwrap());
        assert!(
            text.starts_with(&format!("DIR/{file}: No such file")),
            "{text}"
        );
    }
    let text = error(&Format::default(), "chargers.parquet", |path| {
        let bytes = fs::read(path).unwrap();
        fs::write(path, &bytes[..bytes.len() / 2]).unwrap();
    });
    assert!(
        text.starts_with("DIR/chargers.parquet: the file is damaged: "),
        "{text}"
    );
}

#[test]
fn a_table_that_is_not_the_one_written_is_refused() {
    let dir = write(&testing::dataset(3), &csv(b',', ""));
    let file = dir.path().join("tags.csv");
    let text = fs::read_to_string(&file).unwrap();
    let last = text.trim_end().rfind('\n').unwrap();
    fs::write(&file, &text[..=last]).unwrap();
    let changed = super::dataset(dir.path()).unwrap_err();
    assert!(matches!(changed.kind(), ErrorKind::Hash), "{changed}");
    assert_eq!(changed.path(), file);

    let package = Package::open(dir.path()).unwrap();
    let tags = package.resource(schema::table("tags").unwrap()).unwrap();
    let hash = package.hash(tags).unwrap();
    let manifest = dir.path().join("datapackage.json");
    let text = fs::read_to_string(&manifest).unwrap();
    fs::write(&manifest, text.replace(&tags.hash, &hash)).unwrap();
    let shorter = super::dataset(dir.path()).unwrap_err().to_string();
    assert!(
        shorter.ends_with("the table has 2 rows, its manifest says 3; convert the payload again"),
        "{shorter}"
    );
}

#[test]
fn parquet_of_another_table_is_refused() {
    let format = Format::default();
    let other = |path: &std::path::Path| {
        fs::copy(path.with_file_name("users.parquet"), path).unwrap();
    };
    let text = error(&format, "tags.parquet", other);
    assert!(
        text.starts_with("DIR/tags.parquet: column id_tag is missing;"),
        "{text}"
    );
    let other = |path: &std::path::Path| {
        fs::copy(path.with_file_name("site_operators.parquet"), path).unwrap();
    };
    let text = error(&format, "site_users.parquet", other);
    assert!(
        text.starts_with("DIR/site_users.parquet: column user_id is missing;"),
        "{text}"
    );
    let other = |path: &std::path::Path| {
        fs::copy(path.with_file_name("site_chargers.parquet"), path).unwrap();
    };
    let text = error(&format, "charger_capabilities.parquet", other);
    assert!(
        text.starts_with("DIR/charger_capabilities.parquet: column capability"),
        "{text}"
    );
}

#[test]
fn no_bit_that_is_flipped_makes_reading_panic() {
    let dir = write(&testing::dataset(3), &Format::default());
    let path = dir.path().join("tags.parquet");
    let package = Package::open(dir.path()).unwrap();
    let good = fs::read(&path).unwrap();
    let mut refused = 0;
    for place in 0..good.len() {
        let mut bad = good.clone();
        bad[place] ^= 1 << (place % 8);
        fs::write(&path, bad).unwrap();
        refused += usize::from(package.table(schema::table("tags").unwrap()).is_err());
    }
    assert!(refused > 100, "{refused} of {}", good.len());
}
