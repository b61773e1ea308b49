//! Putting snapshots into a dataset, while others may be putting theirs.

use std::{
    cmp::Reverse,
    collections::{BTreeMap, BTreeSet},
    fs,
    path::{Path, PathBuf},
};

use sha2::{Digest, Sha256};

use super::{Existing, HiveDataset, SNAPSHOTS, hash_of, is_complete, manifest_key, with_ending};
use crate::{
    Error, batch::name::before_number, manifest::is_inner, store::Claim, write::hash_text,
};

impl HiveDataset<'_> {
    /// Puts the snapshots of inputs, of which those of an input count for nothing before the manifest of
    /// its first. Gives the inputs that are refused, by their numbers.
    ///
    /// Others that are there under these names, and what they had more, are gone then; what is there of the very same
    /// is left alone, but where it is to be replaced. Each step is done for all of the
    /// inputs before the next one, since making a step durable takes as long for all as for one.
    pub(crate) fn put(
        &self,
        inputs: &[Vec<Prepared>],
        existing: Existing,
    ) -> Result<BTreeMap<usize, Error>, Error> {
        let snapshots = || inputs.iter().flatten();
        let files: Vec<_> = snapshots()
            .flat_map(|snapshot| snapshot.files().chain([snapshot.manifest()]))
            .collect();
        self.store.settle(&files)?;
        let mut claims: Vec<Claim> = inputs
            .iter()
            .flat_map(|snapshots| claims(snapshots, existing))
            .collect();
        // In one order, so that two runs don't wait for each other.
        claims.sort_unstable_by(|one, other| one.key.cmp(&other.key));
        let mut refused = BTreeMap::new();
        self.store.exclusively(&claims, &mut || {
            let keys = self.store.list(SNAPSHOTS)?;
            let there = with_ending(&keys, ".json");
            let mut allowed = Vec::new();
            for (number, snapshots) in inputs.iter().enumerate() {
                match self.standing(snapshots, existing, &there) {
                    Ok(Standing::Free) => allowed.push(&snapshots[..]),
                    Ok(Standing::Done) => {}
                    Err(error) => drop(refused.insert(number, error)),
                }
            }
            self.put_allowed(&allowed, existing, &there, &with_ending(&keys, OBSOLETE))
        })?;
        Ok(refused)
    }

    fn put_allowed(
        &self,
        inputs: &[&[Prepared]],
        existing: Existing,
        there: &BTreeSet<String>,
        recorded: &BTreeSet<String>,
    ) -> Result<(), Error> {
        if inputs.is_empty() {
            return Ok(());
        }
        let snapshots = || inputs.iter().copied().flatten();
        let files: Vec<_> = snapshots().flat_map(Prepared::files).collect();
        let obsolete = self.retire(inputs, there, recorded)?;
        self.store.put_files(&files)?;
        for (record, files) in obsolete {
            for key in files.values().flatten() {
                self.store.delete(key)?;
            }
            self.store.delete(&record)?;
        }
        for snapshots in inputs {
            self.refuse_overtaken(snapshots, existing)?;
        }
        // The first manifest of an input says that the others are there.
        let (firsts, others): (Vec<_>, Vec<_>) = snapshots().partition(|one| one.payload == 1);
        for snapshots in [others, firsts] {
            let manifests: Vec<_> = snapshots.into_iter().map(Prepared::manifest).collect();
            self.store.put_files(&manifests)?;
        }
        Ok(())
    }

    /// Refuses to go on where another run has taken an input's place. One that has put the same, and is
    /// done, has not.
    fn refuse_overtaken(&self, snapshots: &[Prepared], existing: Existing) -> Result<(), Error> {
        for (snapshot, claim) in snapshots.iter().zip(claims(snapshots, existing)) {
            if self.store.holds(&claim)? {
                continue;
            }
            let under_way = self.store.get(&claim.key)?.is_some();
            let is_other = match self.store.get(&manifest_key(&snapshot.name))? {
                Some(found) => !snapshot.is_of(&found),
                None => under_way,
            };
            if is_other {
                let name = &snapshot.name;
                let text =
                    format!("has another run at work on snapshot {name}: run this one again");
                return Err(self.refused(&text));
            }
        }
        Ok(())
    }

    /// What stands where the snapshots of an input are to be put, unless it may not be touched.
    fn standing(
        &self,
        snapshots: &[Prepared],
        existing: Existing,
        there: &BTreeSet<String>,
    ) -> Result<Standing, Error> {
        let mut same = 0;
        for snapshot in snapshots {
            if !there.contains(&snapshot.name) {
                continue;
            }
            let Some((found, known)) = self.manifest(&snapshot.name)? else {
                continue;
            };
            if snapshot.is_of(&found) {
                same += usize::from(self.missing(&known)?.is_none());
                continue;
            }
            // What a killed run left of another input counts for nothing. It may be alive where its claim on
            // this name could be taken over.
            if !is_complete(&snapshot.name, known.payload(), there) {
                match before_number(&snapshot.name) {
                    Some((first, _))
                        if first != snapshots[0].name
                            && self.store.get(&claim_key(first))?.is_some() =>
                    {
                        return Err(self.refused(&format!(
                            "has snapshot {} of {first}, which another run is putting; if it was killed, \
                             run it again with --overwrite first",
                            snapshot.name
                        )));
                    }
                    _ => continue,
                }
            }
            // The second payload of `night` is `night-2`, and so is the first one of `night-2`.
            let same_place = known.payload() == snapshot.payload;
            if existing != Existing::Replace || !same_place {
                return Err(self.collision(&snapshot.name));
            }
        }
        Ok(match existing {
            Existing::Replace => Standing::Free,
            _ if same == snapshots.len() => Standing::Done,
            _ => Standing::Free,
        })
    }

    /// Takes away what the dataset has of these inputs: their snapshots count for nothing any more.
    /// Gives the files that these listed and nothing will take the place of, by what is kept on record of them
    /// until they are gone.
    fn retire(
        &self,
        inputs: &[&[Prepared]],
        there: &BTreeSet<String>,
        recorded: &BTreeSet<String>,
    ) -> Result<BTreeMap<String, Obsolete>, Error> {
        let snapshots = || inputs.iter().copied().flatten();
        let firsts = inputs.iter().filter_map(|snapshots| snapshots.first());
        let firsts: BTreeSet<&str> = firsts.map(|snapshot| &*snapshot.name).collect();
        let names: BTreeSet<&str> = snapshots().map(|snapshot| &*snapshot.name).collect();
        let kept: BTreeSet<&str> = snapshots().flat_map(Prepared::keys).collect();
        let mut obsolete = BTreeMap::new();
        // What a killed run has left is gone with what this one takes away.
        for first in firsts.iter().filter(|first| recorded.contains(**first)) {
            let record = obsolete_key(first);
            let mut files = self.recorded(&record)?;
            // One that is there has been put since; its manifest tells of its files.
            files.retain(|snapshot, _| !there.contains(snapshot));
            for keys in files.values_mut() {
                keys.retain(|key| !kept.contains(&**key));
            }
            obsolete.insert(record, files);
        }
        let mut old = Vec::new();
        for name in there {
            let before = before_number(name);
            let is_first = |name: &str| firsts.contains(name);
            if !names.contains(&**name) && !before.is_some_and(|(first, _)| is_first(first)) {
                continue;
            }
            let Some(known) = self.known(name)? else {
                continue;
            };
            let payload = known.payload();
            let is_left = || names.contains(&**name) && !is_complete(name, payload, there);
            let is_theirs = match payload {
                1 => firsts.contains(&**name),
                _ => {
                    before
                        .is_some_and(|(first, number)| number == payload && firsts.contains(first))
                        || is_left()
                }
            };
            if is_theirs {
                let keys = known.files().map(|(key, _)| key);
                let mut keys = keys.filter(|key| !kept.contains(key)).peekable();
                if keys.peek().is_some() {
                    let first = before.filter(|(first, _)| payload > 1 && is_first(first));
                    let record = obsolete_key(first.map_or(name, |(first, _)| first));
                    let files: &mut Obsolete = obsolete.entry(record).or_default();
                    files.insert(name.clone(), keys.map(str::to_owned).collect());
                }
                old.push((payload, name.as_str()));
            }
        }
        if old.is_empty() {
            return Ok(obsolete);
        }
        // Without the manifests nothing else would tell of them.
        for (record, files) in &obsolete {
            let json = serde_json::to_vec(files).map_err(|error| self.unfit(record, &error))?;
            self.store.put(record, &json)?;
        }
        self.unlist(&old.iter().map(|(_, name)| *name).collect())?;
        // The first ones first: without them the others count for nothing. Of these the last one first,
        // so that whatever is left by a killed run stands where it is looked for.
        old.sort_unstable_by_key(|(payload, _)| (*payload != 1, Reverse(*payload)));
        for (_, name) in old {
            self.store.delete(&manifest_key(name))?;
        }
        Ok(obsolete)
    }

    /// The files that were to be removed when a run was killed.
    fn recorded(&self, record: &str) -> Result<Obsolete, Error> {
        let bytes = self.store.get(record)?.unwrap_or_default();
        let files: Obsolete =
            serde_json::from_slice(&bytes).map_err(|error| self.unfit(record, &error))?;
        let mut keys = files.values().flatten();
        match keys.find(|key| !is_inner(Path::new(key))) {
            Some(key) => {
                Err(self.unfit(record, &format_args!("`{key}` lies outside of the dataset")))
            }
            None => Ok(files),
        }
    }

    fn unfit(&self, record: &str, why: &dyn std::fmt::Display) -> Error {
        let record = self.store.label(record);
        Error::Usage(format!(
            "{record}: this is no list of files to remove: {why}"
        ))
    }
}

/// What stands where an input is to be put.
enum Standing {
    /// Nothing, or what may be replaced.
    Free,
    /// All of the same.
    Done,
}

/// Key of what stands for a claim on a snapshot's name.
fn claim_key(snapshot: &str) -> String {
    format!("{SNAPSHOTS}/{snapshot}.claim")
}

/// Files that are to be removed, by the snapshots that had them.
type Obsolete = BTreeMap<String, BTreeSet<String>>;

/// Ending of the list of files that an input's snapshots had and are to be removed.
const OBSOLETE: &str = ".obsolete";

/// Key of that list, by the input's first snapshot.
fn obsolete_key(first: &str) -> String {
    format!("{SNAPSHOTS}/{first}{OBSOLETE}")
}

/// What keeps others from putting an input's snapshots, in the order of these.
fn claims(snapshots: &[Prepared], existing: Existing) -> impl Iterator<Item = Claim> {
    let mut hasher = Sha256::new();
    for snapshot in snapshots {
        hasher.update(&snapshot.hash);
    }
    let content = hash_text(hasher);
    snapshots.iter().map(move |snapshot| Claim {
        key: claim_key(&snapshot.name),
        content: content.clone(),
        replaces: existing == Existing::Replace,
    })
}

/// A snapshot whose files are ready to be put.
pub(crate) struct Prepared {
    pub(crate) name: String,
    /// Which payload of its input it is, from 1.
    pub(crate) payload: usize,
    dir: PathBuf,
    /// Files in `dir`, and their keys.
    files: Vec<(String, String)>,
    /// Of its manifest, which is kept in a file: there may be many that wait.
    hash: String,
}

impl Prepared {
    /// Name of the manifest's file.
    const MANIFEST: &str = "manifest";

    /// Keeps the manifest beside the files.
    pub(crate) fn new(
        name: String,
        payload: usize,
        dir: PathBuf,
        files: Vec<(String, String)>,
        manifest: &[u8],
    ) -> Result<Self, Error> {
        let path = dir.join(Self::MANIFEST);
        fs::write(&path, manifest).map_err(|error| Error::io("cannot write", &path, error))?;
        Ok(Prepared {
            name,
            payload,
            dir,
            files,
            hash: hash_of(manifest),
        })
    }

    fn keys(&self) -> impl Iterator<Item = &str> {
        self.files.iter().map(|(_, key)| key.as_str())
    }

    /// Where the files are, and their keys.
    fn files(&self) -> impl Iterator<Item = (PathBuf, String)> {
        let files = self.files.iter();
        files.map(|(file, key)| (self.dir.join(file), key.clone()))
    }

    /// Where the manifest is, and its key.
    fn manifest(&self) -> (PathBuf, String) {
        (self.dir.join(Self::MANIFEST), manifest_key(&self.name))
    }

    /// Whether this is its manifest.
    fn is_of(&self, manifest: &[u8]) -> bool {
        hash_of(manifest) == self.hash
    }
}

#[cfg(test)]
mod tests;
