use super::*;
use crate::write::testing::dataset_of_sites;

fn picture(sites: &[(i64, Option<i64>)]) -> Vec<String> {
    lines(&dataset_of_sites(sites))
        .iter()
        .map(|line| match line {
            TreeLine::Site { depth, id, .. } => format!("{:depth$}{id}", ""),
            TreeLine::More { depth, sites } => format!("{:depth$}+{sites}", ""),
        })
        .collect()
}

#[test]
fn sites_stand_below_their_parents() {
    let sites = [
        (1, None),
        (2, Some(1)),
        (3, Some(2)),
        (4, Some(1)),
        (5, None),
    ];
    assert_eq!(picture(&sites), ["1", " 2", "  3", " 4", "5"]);
}

#[test]
fn one_site_of_a_circle_stands_on_top() {
    let sites = [(1, Some(2)), (2, Some(3)), (3, Some(2)), (4, None)];
    assert_eq!(picture(&sites), ["2", " 1", " 3", "4"]);
}

#[test]
fn many_children_are_cut() {
    let sites: Vec<_> = (0..12).map(|id| (id, (id > 0).then_some(0))).collect();
    let picture = picture(&sites);
    assert_eq!(picture.len(), 1 + MAX_CHILDREN + 1);
    assert_eq!(picture.last().unwrap(), " +3");
}

#[test]
fn a_deep_tree_is_cut() {
    let sites: Vec<_> = (0..100_000)
        .map(|id| (id, (id > 0).then_some(id - 1)))
        .collect();
    let picture = picture(&sites);
    assert_eq!(picture.len(), MAX_DEPTH + 1);
    assert_eq!(picture.last().unwrap().trim(), "+1");
}

#[test]
fn a_wide_tree_fits_on_the_screen() {
    let sites: Vec<_> = (1..5_000)
        .map(|id| (id, (id > 8).then_some(id / 8)))
        .collect();
    assert_eq!(picture(&sites).len(), MAX_LINES + 1);
}

#[test]
#[should_panic(expected = "`site_users` has no such column `site_id`")]
fn a_table_without_its_columns_is_named() {
    let mut dataset = dataset_of_sites(&[(1, None)]);
    let mut tables = dataset.tables.iter_mut();
    let users = tables.find(|table| table.def.name == "site_users").unwrap();
    users.batches[0] = users.batches[0].project(&[1]).unwrap();
    lines(&dataset);
}
