use super::*;

fn names(dir: &Path) -> Vec<String> {
    let mut names: Vec<String> = fs::read_dir(dir)
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    names.sort();
    names
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
    fs::write(target.join("old"), "x").unwrap();
    assert!(matches!(begin(&target, false), Err(Error::Usage(_))));
    assert_eq!(names(&target), ["old"]);
}

#[test]
fn overwriting_replaces_all_of_the_old_output_and_keeps_its_permissions() {
    let dir = tempfile::tempdir().unwrap();
    let target = dir.path().join("out");
    fs::create_dir(&target).unwrap();
    fs::set_permissions(&target, Permissions::from_mode(0o750)).unwrap();
    fs::write(target.join("old"), "x").unwrap();
    let staged = begin(&target, true).unwrap();
    fs::write(staged.path().join("new"), "x").unwrap();
    staged.commit().unwrap();
    assert_eq!(names(&target), ["new"]);
    assert_eq!(names(dir.path()), ["out"]);
    assert_eq!(
        fs::metadata(&target).unwrap().permissions().mode() & 0o777,
        0o750
    );
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
    fs::create_dir_all(target.join("photos")).unwrap();
    fs::write(target.join("in.json"), "x").unwrap();
    let refuses = |input: Option<&Path>| {
        matches!(
            StagedDir::begin(&target, true, input, &Cleanup::default()),
            Err(Error::Usage(_))
        )
    };
    assert!(refuses(None));
    fs::write(target.join(manifest::FILE), "{}").unwrap();
    assert!(!refuses(None));
    assert!(refuses(Some(&target.join("in.json"))));
    assert!(begin(Path::new("/"), true).is_err());
    assert!(begin(Path::new("."), true).is_err());
    assert_eq!(names(&target), [manifest::FILE, "in.json", "photos"]);
}
