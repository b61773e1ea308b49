//! Payload files, made once and kept in the target directory.

use std::{
    collections::hash_map::DefaultHasher,
    env,
    fs::{self, File},
    hash::{Hash, Hasher},
    io::{self, BufWriter, Write},
    path::{Path, PathBuf},
};

use crate::Shape;

/// The environment variable that scales the payloads' records: 1 by default, 0.01 for a try.
pub const SCALE_VARIABLE: &str = "VOLTREE_BENCH_SCALE";

/// A payload on disk.
#[derive(Clone, Debug)]
pub struct Payload {
    /// Where it is.
    pub path: PathBuf,
    /// Its length.
    pub bytes: u64,
    /// Bytes of its distinct content, where that is known.
    pub distinct_bytes: Option<u64>,
}

impl Shape {
    /// The payload of this shape at the scale that the environment asks for; made if need be.
    ///
    /// # Errors
    ///
    /// When the file cannot be written, or the scale is no number.
    pub fn payload(&self) -> io::Result<Payload> {
        let scale = scale()?;
        let dir = scratch("payloads")?;
        let path = dir.join(format!(
            "{}-{:016x}.json",
            self.name,
            self.fingerprint(scale)?
        ));
        let note = path.with_extension("distinct");
        if !path.exists() {
            eprintln!("making {}", path.display());
            let mut file = tempfile::NamedTempFile::new_in(&dir)?;
            let mut out = BufWriter::new(file.as_file_mut());
            let distinct = self.write(scale, &mut out)?;
            out.flush()?;
            drop(out);
            let known = distinct.map(|bytes| bytes.to_string());
            fs::write(&note, known.unwrap_or_default())?;
            file.persist(&path)?;
        }
        Ok(Payload {
            bytes: fs::metadata(&path)?.len(),
            distinct_bytes: fs::read_to_string(&note)?.parse().ok(),
            path,
        })
    }

    /// The payload, compressed as `zstd` does by default; the length is that of what is compressed.
    ///
    /// # Errors
    ///
    /// As [`payload`](Self::payload).
    pub fn compressed(&self) -> io::Result<Payload> {
        let plain = self.payload()?;
        let path = plain.path.with_extension("json.zst");
        if !path.exists() {
            let mut file = tempfile::NamedTempFile::new_in(scratch("payloads")?)?;
            zstd::stream::copy_encode(File::open(&plain.path)?, file.as_file_mut(), 3)?;
            file.persist(&path)?;
        }
        Ok(Payload { path, ..plain })
    }

    /// Tells payloads of one name apart: by the scale, and by the bytes of a small one, which change
    /// with the generator and its configuration.
    fn fingerprint(&self, scale: f64) -> io::Result<u64> {
        let mut small = Vec::new();
        self.write(0.0, &mut small)?;
        let mut hasher = DefaultHasher::new();
        (scale.to_bits(), small).hash(&mut hasher);
        Ok(hasher.finish())
    }
}

fn scale() -> io::Result<f64> {
    let Ok(text) = env::var(SCALE_VARIABLE) else {
        return Ok(1.0);
    };
    let scale = text.parse().ok();
    scale
        .filter(|scale: &f64| scale.is_finite() && *scale >= 0.0)
        .ok_or_else(|| {
            io::Error::other(format!(
                "{SCALE_VARIABLE} is {text}, but has to be a number"
            ))
        })
}

/// A folder for files of benches in the target directory; the same disk as what is built there.
///
/// # Errors
///
/// When it cannot be made.
pub fn scratch(name: &str) -> io::Result<PathBuf> {
    let exe = env::current_exe()?;
    // Cargo marks its target directory.
    let target = exe
        .ancestors()
        .find(|dir| dir.join("CACHEDIR.TAG").exists());
    let dir = target.map_or_else(env::temp_dir, Path::to_owned);
    let dir = dir.join("benches").join(name);
    fs::create_dir_all(&dir)?;
    Ok(dir)
}
