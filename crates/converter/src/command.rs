//! From the command line to the exit code.

use std::{
    ffi::OsString,
    io::{self, Write},
    path::{Path, PathBuf},
};

use voltree_core::{Render, schema};

use crate::{
    Batch, Cleanup, Convert, Error, Exit, Input, Inspection,
    check::{self, Checked},
    cli::{
        self, CheckArgs, CheckFormat, Command, CompletionsArgs, ConvertArgs, DiffArgs, DiffFormat,
        GenerateArgs, InspectArgs, InspectFormat, Layout, ManArgs, MergeArgs, Refused, RenderArgs,
        SchemaArgs, SchemaFormat,
    },
    console::{Console, one_line},
    convert, convert_batch,
    diff::{self, Compared},
    job::{self, Check, Diff, Inspect},
    manual,
    memory::Watch,
    merge,
    output::{StagedFile, refuse_overlap, to_stdout, write_file},
    plan_batch,
    read::Package,
    render::{note, render_package},
};

/// Standard output, as a path.
const STDOUT: &str = "-";

/// Runs a command line as the command `voltree` does; the first argument is the command's name.
///
/// ```
/// use voltree::{Exit, run};
///
/// assert_eq!(run(["voltree", "schema", "--format", "json"]), Exit::Done);
/// assert_eq!(run(["voltree", "no-such-command"]), Exit::Usage);
/// ```
pub fn run<I, T>(arguments: I) -> Exit
where
    I: IntoIterator<Item = T>,
    T: Into<OsString> + Clone,
{
    let cli = match cli::parse(arguments.into_iter().map(Into::into).collect()) {
        Ok(cli) => cli,
        Err(Refused::Error(error)) => return ended(Err(error), Console::default()),
        Err(Refused::Answer(answer)) => return answered(&answer),
    };
    let console = match &cli.command {
        Command::Convert(args) => job::console(args),
        _ => Console::default(),
    };
    let done = install_cleanup().and_then(|cleanup| {
        let _watch = cli
            .command
            .max_memory()
            .map(|limit| Watch::begin(limit, &cleanup, console))
            .transpose()?;
        match &cli.command {
            Command::Convert(args) => run_convert(args, console, cleanup),
            Command::Merge(args) => run_merge(args, &cleanup),
            Command::Render(args) => run_render(args, &cleanup),
            Command::Inspect(args) => run_inspect(args, &cleanup),
            Command::Check(args) => run_check(args, &cleanup),
            Command::Diff(args) => run_diff(args, cleanup),
            Command::Schema(args) => run_schema(args, &cleanup),
            Command::Generate(args) => run_generate(args, &cleanup),
            Command::Completions(args) => run_completions(args, &cleanup),
            Command::Man(args) => run_man(args, &cleanup),
        }
    });
    ended(done, console)
}

/// Says what clap has to say: help and version are answers too.
fn answered(answer: &clap::Error) -> Exit {
    let printed = answer.print().and_then(|()| io::stdout().flush());
    if answer.use_stderr() {
        // There is nobody left to tell if printing failed.
        return Exit::Usage;
    }
    ended(printed.map_err(to_stdout), Console::default())
}

/// Says why a command failed, if it did.
fn ended(done: Result<(), Error>, console: Console) -> Exit {
    match done {
        Ok(()) => Exit::Done,
        Err(Error::ReaderGone) => Exit::Done,
        Err(error) => {
            console.error(&error);
            error.exit()
        }
    }
}

fn run_convert(args: &ConvertArgs, console: Console, cleanup: Cleanup) -> Result<(), Error> {
    if job::layout(args) == Layout::Hive {
        return run_batch(args, console, cleanup);
    }
    let job = Convert::from_args(args, cleanup)?;
    let others = job.input.path().into_iter().chain([&*job.out]);
    let stats = begin_stats(args, others, &job.cleanup)?;
    if args.batch.dry_run {
        job.check()?;
        let planned = Planned {
            input: job.input.label(),
            out: job.out.display().to_string(),
        };
        return match stats {
            Some(file) => write_json(file, &planned),
            None => print(planned.text(), &job.cleanup),
        };
    }
    let report = convert(&job)?;
    console.say("done", &report, || report.text(console.is_verbose()));
    match stats {
        Some(file) => write_json(file, &report),
        None => Ok(()),
    }
}

/// What a conversion into a directory would do.
#[derive(serde::Serialize)]
struct Planned {
    input: String,
    out: String,
}

impl Planned {
    fn text(&self) -> String {
        let [input, out] = [&self.input, &self.out].map(|name| one_line(name));
        format!("convert {input} into {out}\n")
    }
}

fn run_batch(args: &ConvertArgs, console: Console, cleanup: Cleanup) -> Result<(), Error> {
    let job = Batch::from_args(args, cleanup)?;
    let named = args.inputs.iter().chain(&args.batch.files_from);
    let others = named.chain([&job.out]).map(|path| &**path);
    let stats = begin_stats(args, others, &job.cleanup)?;
    if args.batch.dry_run {
        let plan = plan_batch(&job)?;
        return match stats {
            Some(file) => write_json(file, &plan),
            None => print(plan.text(), &job.cleanup),
        };
    }
    let summary = convert_batch(&job)?;
    console.say("finished", &summary, || summary.text());
    if let Some(file) = stats {
        write_json(file, &summary)?;
    }
    summary.refuse_rejected(&job.out)
}

/// Begins the file of `--stats-json`, which is none of the others that the run reads or writes.
fn begin_stats<'a>(
    args: &ConvertArgs,
    others: impl IntoIterator<Item = &'a Path>,
    cleanup: &Cleanup,
) -> Result<Option<StagedFile>, Error> {
    let Some(path) = &args.stats_json else {
        return Ok(None);
    };
    refuse_overlap(path, others)?;
    StagedFile::begin(path, cleanup).map(Some)
}

fn run_merge(args: &MergeArgs, cleanup: &Cleanup) -> Result<(), Error> {
    let merged = merge(&args.out, &args.shards, cleanup)?;
    if !args.quiet {
        let text = merged.text();
        Console::default().say("merged", merged, || text);
    }
    Ok(())
}

fn run_render(args: &RenderArgs, cleanup: &Cleanup) -> Result<(), Error> {
    let options = Render::new()
        .pretty(args.pretty)
        .exclude_hierarchy(args.exclude_hierarchy);
    let input = Input::new(&args.dir);
    let package = match (Package::of(&input, cleanup)?, input.path()) {
        (Some(package), _) => package,
        (None, Some(path)) => Package::open(path)?,
        (None, None) => {
            return Err(Error::Usage(format!(
                "{}: these are no tables; give a directory that `voltree convert --out` wrote, or the \
                 manifest of a snapshot, such as `_snapshots/NAME.json` in a dataset",
                input.label()
            )));
        }
    };
    refuse_overlap(&args.out, [package.dir()])?;
    let out = StagedFile::begin(&args.out, cleanup)?;
    let rendering = render_package(&package, &input.label(), options)?;
    if let Some(note) = note(&rendering).filter(|_| !args.quiet) {
        Console::default().say("note", (), || note);
    }
    out.write(|out| rendering.write(out))
}

fn run_inspect(args: &InspectArgs, cleanup: &Cleanup) -> Result<(), Error> {
    let job = Inspect::from_args(args);
    let inspection = Inspection::of_input(&job)?;
    match args.format {
        InspectFormat::Text => print(inspection.to_string(), cleanup),
        InspectFormat::Json => {
            let out = StagedFile::begin(Path::new(STDOUT), cleanup)?;
            write_json(out, &inspection)
        }
    }
}

fn run_check(args: &CheckArgs, cleanup: &Cleanup) -> Result<(), Error> {
    let job = Check::from_args(args);
    let checked = Checked::of(&job, cleanup)?;
    let counts = before_verdict(stdout(cleanup)?, |out| match args.format {
        CheckFormat::Text => check::text::write(&checked, job.limit, out),
        CheckFormat::Json => check::json::write(&checked, out),
        CheckFormat::Sarif => check::sarif::write(&checked, out),
    })?;
    counts.refuse(&job.fail_on)
}

fn run_diff(args: &DiffArgs, cleanup: Cleanup) -> Result<(), Error> {
    let job = Diff::from_args(args, cleanup)?;
    let compared = Compared::of(&job)?;
    before_verdict(stdout(&job.cleanup)?, |out| match args.format {
        DiffFormat::Text => diff::text::write(&compared, out),
        DiffFormat::Json => diff::json::write(&compared, out),
    })?;
    match args.fail_on_change {
        true => compared.refuse(),
        false => Ok(()),
    }
}

fn run_schema(args: &SchemaArgs, cleanup: &Cleanup) -> Result<(), Error> {
    let text = match args.format {
        SchemaFormat::Markdown => schema::markdown(),
        SchemaFormat::Json => schema::json(),
        SchemaFormat::Sql => schema::sql(),
    };
    print(&text, cleanup)
}

fn run_generate(args: &GenerateArgs, cleanup: &Cleanup) -> Result<(), Error> {
    let config = args.config();
    if args.truth.as_deref() == Some(Path::new(STDOUT)) && args.out == Path::new(STDOUT) {
        return Err(Error::Usage(
            "--out and --truth cannot both be standard output: choose a file for one of them"
                .to_owned(),
        ));
    }
    let begin = |path: &PathBuf| {
        refuse_overlap(path, [&*args.out])?;
        StagedFile::begin(path, cleanup)
    };
    let truth_file = args.truth.as_ref().map(begin).transpose()?;
    let truth = write_file(&args.out, cleanup, |mut out| {
        voltree_generate::generate(&config, &mut out)
    })?;
    match truth_file {
        Some(file) => write_json(file, &truth),
        None => Ok(()),
    }
}

fn run_completions(args: &CompletionsArgs, cleanup: &Cleanup) -> Result<(), Error> {
    print(manual::completions(args.shell), cleanup)
}

fn run_man(args: &ManArgs, cleanup: &Cleanup) -> Result<(), Error> {
    match &args.out {
        Some(dir) => manual::write_pages(dir, cleanup),
        None => print(manual::page(args.command.as_deref())?, cleanup),
    }
}

fn print(text: impl AsRef<[u8]>, cleanup: &Cleanup) -> Result<(), Error> {
    write_file(Path::new(STDOUT), cleanup, |out| {
        out.write_all(text.as_ref())
    })
}

fn stdout(cleanup: &Cleanup) -> Result<StagedFile, Error> {
    StagedFile::begin(Path::new(STDOUT), cleanup)
}

fn write_json(file: StagedFile, value: &impl serde::Serialize) -> Result<(), Error> {
    before_verdict(file, |mut out| {
        serde_json::to_writer_pretty(&mut out, value)?;
        out.write_all(b"\n")
    })
}

/// Writes what a verdict may follow. That counts as well where whoever read the output has gone away, and
/// may be found by going through all of it.
fn before_verdict<T>(
    file: StagedFile,
    fill: impl Fn(&mut dyn Write) -> io::Result<T>,
) -> Result<T, Error> {
    match file.write(&fill) {
        Err(Error::ReaderGone) => fill(&mut io::sink()).map_err(|_| Error::ReaderGone),
        written => written,
    }
}

/// Takes over the signals, once a process.
fn install_cleanup() -> Result<Cleanup, Error> {
    static CLEANUP: std::sync::OnceLock<Cleanup> = std::sync::OnceLock::new();
    if let Some(cleanup) = CLEANUP.get() {
        return Ok(cleanup.clone());
    }
    let cleanup = Cleanup::install().map_err(|error| Error::Io {
        doing: "cannot handle signals".to_owned(),
        error,
    })?;
    Ok(CLEANUP.get_or_init(|| cleanup).clone())
}
