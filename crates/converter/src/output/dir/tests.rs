use std::os::unix::fs::PermissionsExt;

use super::*;
use crate::manifest;

fn names(dir: &Path) -> Vec<String> {
    let mut names: Vec<String> = fs::read_dir(dir)
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    names.sort();
    names
}

/// Makes a directory what voltree wrote, with these files.
fn write_output(target: &Path, files: &[&str]) {
    let resource = |file: &&str| serde_json::json!({"path": file, "bytes": 1, "rows": 1});
    let resources: Vec<_> = files.iter().map(resource).collect();
    let manifest = serde_json::json!({
        "sources": [], "voltree": {"version": "0.0.1"}, "resources": resources,
    });
    fs::create_dir_all(target).unwrap();
    fs::write(target.join(manifest::FILE), manifest.to_string()).unwrap();
    for file in files {
        let path = target.join(file);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, "x").unwrap();
    }
}

fn begin(target: &Path, overwrite: bool) -> Result<StagedDir, Error> {
    StagedDir::begin(target, overwrite, None, &Cleanup::default())
}

#[test]
fn an_output_appears_when_it_is_committed() {
    let dir = tempfile::tempdir().unwrap();
    let target = dir.path().join("a/b/out");
    let staged = begin(&target, false).unwrap();
    fs::write(staged.path().join("t"), "x").unwrap();
    assert!(!target.exists());
    staged.commit().unwrap();
    assert_eq!(names(&target), ["t"]);
    assert_eq!(names(dir.path()), ["a"]);
}

#[test]
fn an_output_that_is_dropped_leaves_nothing() {
    let dir = tempfile::tempdir().unwrap();
    let staged = begin(&dir.path().join("a/out"), false).unwrap();
    fs::write(staged.path().join("t"), "x").unwrap();
    drop(staged);
    assert!(names(dir.path()).is_empty());
}

#[test]
fn an_empty_target_is_used_and_a_full_one_refused() {
    let dir = tempfile::tempdir().unwrap();
    let target = dir.path().join("out");
    fs::create_dir(&target).unwrap();
    begin(&target, false).unwrap().commit().unwrap();
    write_output(&target, &["old"]);
    let refused = begin(&target, false).err().unwrap().to_string();
    assert!(refused.contains("--overwrite replaces it"), "{refused}");
    assert_eq!(names(&target), [manifest::FILE, "old"]);
}

#[test]
fn overwriting_replaces_all_of_the_old_output_and_keeps_its_permissions() {
    let dir = tempfile::tempdir().unwrap();
    let target = dir.path().join("out");
    let mode = |path: &Path| fs::metadata(path).unwrap().permissions().mode() & 0o7777;
    // What the umask would not let through, too.
    for permissions in [0o750, 0o2777] {
        write_output(&target, &["old", "lineage/old"]);
        fs::set_permissions(&target, fs::Permissions::from_mode(permissions)).unwrap();
        let staged = begin(&target, true).unwrap();
        assert_eq!(mode(staged.path()), 0o700);
        fs::write(staged.path().join("new"), "x").unwrap();
        staged.commit().unwrap();
        assert_eq!(names(&target), ["new"]);
        assert_eq!(names(dir.path()), ["out"]);
        assert_eq!(mode(&target), permissions);
    }
}

#[test]
fn what_cannot_be_made_leaves_no_parents() {
    let dir = tempfile::tempdir().unwrap();
    let long = "n".repeat(300);
    let staged = begin(&dir.path().join("a").join(long).join("out"), false).unwrap();
    let error = staged.commit().unwrap_err().to_string();
    assert!(error.starts_with("cannot rename the output to "), "{error}");
    assert!(names(dir.path()).is_empty());
}

#[test]
fn a_link_to_a_directory_stays_a_link() {
    let dir = tempfile::tempdir().unwrap();
    fs::create_dir(dir.path().join("real")).unwrap();
    let link = dir.path().join("link");
    std::os::unix::fs::symlink("real", &link).unwrap();
    let staged = begin(&link, false).unwrap();
    fs::write(staged.path().join("t"), "x").unwrap();
    staged.commit().unwrap();
    assert!(fs::symlink_metadata(&link).unwrap().is_symlink());
    assert_eq!(names(&dir.path().join("real")), ["t"]);
}

#[test]
fn a_failed_rename_leaves_the_parents_as_they_were() {
    let dir = tempfile::tempdir().unwrap();
    let staged = begin(&dir.path().join("a/out"), false).unwrap();
    fs::remove_dir(staged.path()).unwrap();
    assert!(staged.commit().is_err());
    assert!(names(dir.path()).is_empty());
}

#[test]
fn two_steps_exchange_as_one_does() {
    let dir = tempfile::tempdir().unwrap();
    let (staged, target) = (dir.path().join("new"), dir.path().join("out"));
    for (path, name) in [(&staged, "n"), (&target, "o")] {
        fs::create_dir(path).unwrap();
        fs::write(path.join(name), "x").unwrap();
    }
    exchange_in_steps(&staged, &target).unwrap();
    assert_eq!(
        (names(&target), names(&staged)),
        (vec!["n".into()], vec!["o".into()])
    );
    fs::remove_dir_all(&staged).unwrap();
    assert!(exchange_in_steps(&staged, &target).is_err());
    assert_eq!(names(&target), ["n"]);
    assert_eq!(names(dir.path()), ["out"]);
}

#[test]
fn a_file_is_no_output_directory() {
    let dir = tempfile::tempdir().unwrap();
    let target = dir.path().join("file");
    fs::write(&target, "x").unwrap();
    assert!(matches!(begin(&target, true), Err(Error::Io { .. })));
    assert_eq!(names(dir.path()), ["file"]);
}

#[test]
fn what_is_dear_is_not_replaced() {
    let dir = tempfile::tempdir().unwrap();
    let target = dir.path().join("out");
    write_output(&target, &["sites.csv"]);
    let input = target.join("sites.csv");
    let begun = StagedDir::begin(&target, true, Some(&*input), &Cleanup::default());
    assert!(matches!(begun, Err(Error::Usage(_))));
    assert!(begin(Path::new("/"), true).is_err());
    assert!(begin(Path::new("."), true).is_err());
    assert_eq!(names(&target), [manifest::FILE, "sites.csv"]);
}

#[test]
fn what_voltree_did_not_write_is_not_replaced() {
    let dir = tempfile::tempdir().unwrap();
    let target = dir.path().join("out");
    let refused = || begin(&target, true).err().unwrap().to_string();
    for foreign in ["notes", "lineage/mine"] {
        write_output(&target, &["sites.csv", "lineage/rows.csv"]);
        // Files are what --overwrite is about.
        fs::write(target.join("mine.sql"), "x").unwrap();
        drop(begin(&target, true).unwrap());
        fs::create_dir(target.join(foreign)).unwrap();
        let expected = format!("out holds {foreign}, which voltree did not write there");
        assert!(refused().contains(&expected), "{}", refused());
        fs::remove_dir_all(&target).unwrap();
    }
    // A package of somebody else, files without one, and a dataset.
    write_output(&target, &["data/t.csv"]);
    fs::write(
        target.join(manifest::FILE),
        r#"{"resources":[{"path":"data/t.csv"}]}"#,
    )
    .unwrap();
    assert!(refused().contains("out holds data, which"), "{}", refused());
    fs::remove_file(target.join(manifest::FILE)).unwrap();
    assert!(refused().contains("out holds data, which"), "{}", refused());
    fs::write(target.join("dataset.json"), "{}").unwrap();
    assert!(refused().contains("--append, --resume"), "{}", refused());
}

#[test]
fn what_a_killed_run_left_in_an_output_goes_with_it() {
    let dir = tempfile::tempdir().unwrap();
    let target = dir.path().join("out");
    write_output(&target, &["sites.csv"]);
    fs::create_dir(target.join(".voltree-0123456789abcdef")).unwrap();
    begin(&target, true).unwrap().commit().unwrap();
    assert!(names(&target).is_empty());
}

#[test]
fn what_appears_meanwhile_is_not_replaced() {
    let dir = tempfile::tempdir().unwrap();
    let target = dir.path().join("out");
    write_output(&target, &["sites.csv"]);
    let staged = begin(&target, true).unwrap();
    fs::create_dir(target.join("mine")).unwrap();
    assert!(staged.commit().is_err());
    assert_eq!(names(&target), [manifest::FILE, "mine", "sites.csv"]);
    assert_eq!(names(dir.path()), ["out"]);
}

#[test]
fn a_link_to_nothing_is_followed() {
    let dir = tempfile::tempdir().unwrap();
    let link = dir.path().join("link");
    std::os::unix::fs::symlink("new/out", &link).unwrap();
    let staged = begin(&link, false).unwrap();
    fs::write(staged.path().join("t"), "x").unwrap();
    staged.commit().unwrap();
    assert!(fs::symlink_metadata(&link).unwrap().is_symlink());
    assert_eq!(names(&dir.path().join("new/out")), ["t"]);
}

#[test]
fn a_name_may_be_as_long_as_names_can_be() {
    let dir = tempfile::tempdir().unwrap();
    let target = dir.path().join("n".repeat(255));
    begin(&target, false).unwrap().commit().unwrap();
    assert!(target.is_dir());
}
