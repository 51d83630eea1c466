//! `cargo xtask codegen [--check] [vendor..]`, `cargo xtask lint [vendor..]` and `cargo xtask upstream <vendor> FILE`.

use std::path::Path;
use std::process::ExitCode;
use std::thread;

use anyhow::{Context, Result, anyhow, bail};
use xtask::report::Report;
use xtask::rules::Rules;
use xtask::vendor::{MOCK, REPLAY, VENDORS, Vendor, workspace_root};
use xtask::{bundle, codegen, upstream, write};

const HELP: &str = "\
Maintenance commands of the huiyi workspace

usage: cargo xtask <command> [vendor..]
       cargo xtask upstream <vendor> FILE

commands:
  codegen [--check] [--force] [--rules]  generate the client crates from specs/
  lint                                   check specs/, without writing anything
  upstream                               list the operations that an OpenAPI document or an SDK's listing has
                                         and specs/ lacks, and the reverse

Without vendors: all four (feishu, wecom, dingtalk, tencent).
  --check   write nothing; name every stale file, and fail if there is one
  --rules   show the rules of the generation: how often each applied, and why it is there
  --force   generate although the specs have errors (for work in progress)
";

struct Options {
    vendors: Vec<Vendor>,
    check: bool,
    force: bool,
    rules: bool,
}

fn main() -> Result<ExitCode> {
    let mut arguments = pico_args::Arguments::from_env();
    if arguments.contains(["-h", "--help"]) {
        print!("{HELP}");
        return Ok(ExitCode::SUCCESS);
    }
    let command = arguments.subcommand()?;
    if command.as_deref() == Some("upstream") {
        return upstream(&arguments.finish());
    }
    let check = arguments.contains("--check");
    let force = arguments.contains("--force");
    let rules = arguments.contains("--rules");
    let options = Options { vendors: vendors(arguments.finish())?, check, force, rules };
    match command.as_deref() {
        Some("codegen") => run(&options, true),
        Some("lint") => run(&options, false),
        other => {
            eprint!("{HELP}");
            bail!("unknown command `{}`", other.unwrap_or_default())
        }
    }
}

fn vendors(rest: Vec<std::ffi::OsString>) -> Result<Vec<Vendor>> {
    if rest.is_empty() {
        return Ok(VENDORS.to_vec());
    }
    rest.iter().map(|name| Vendor::from_key(&name.to_string_lossy())).collect()
}

/// Prints how a list of operations differs from a vendor's specs.
fn upstream(rest: &[std::ffi::OsString]) -> Result<ExitCode> {
    let [vendor, file] = rest else { bail!("usage: cargo xtask upstream <vendor> FILE") };
    let vendor = Vendor::from_key(&vendor.to_string_lossy())?;
    let file = Path::new(file);
    let text = std::fs::read_to_string(file).with_context(|| format!("cannot read {}", file.display()))?;
    let list = upstream::of_list(&text).with_context(|| file.display().to_string())?;
    let (bundle, _) = bundle::read(&workspace_root()?, vendor)?;
    let specs = upstream::of_document(&bundle.root);
    let difference = upstream::compare(&list, &specs);
    for (mark, operations) in [("new", &difference.new), ("gone", &difference.gone)] {
        for operation in operations {
            println!("{mark:4} {:6} {}", operation.method, operation.path);
        }
    }
    let (new, gone) = (difference.new.len(), difference.gone.len());
    println!(
        "{} operations in {}, {} in specs/{}: {new} new, {gone} gone",
        list.len(),
        file.display(),
        specs.len(),
        vendor.key
    );
    Ok(ExitCode::SUCCESS)
}

/// Generates for every vendor, so that all complaints are seen; then writes or compares.
fn run(options: &Options, codegen: bool) -> Result<ExitCode> {
    let root = workspace_root()?;
    let rules = Rules::default();
    let mut report = Report::default();
    let mut outputs = Vec::new();
    let mut folders = Vec::new();
    for (vendor, generated) in options.vendors.iter().zip(generate(&root, options, &rules)?) {
        report.extend(generated.report);
        if !generated.outputs.is_empty() {
            folders.extend(vendor.folders());
            outputs.extend(generated.outputs);
        }
    }
    if VENDORS.iter().all(|vendor| folders.contains(&vendor.generated())) {
        folders.extend([REPLAY.to_owned(), format!("{MOCK}/src/generated"), format!("{MOCK}/openapi")]);
    }
    let mut good = !codegen || deliver(&root, &outputs, &folders, options.check, &options.vendors)?;
    good &= conclude(&report);
    if options.rules {
        print!("{}", rules.table());
    }
    if codegen && options.vendors.len() == VENDORS.len() {
        for rule in rules.dead() {
            eprintln!(
                "error: rules: the rule \"{}\" never applied; the specs or the generator have changed",
                rule.name()
            );
            good = false;
        }
    }
    Ok(if good { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

/// Generates for all vendors, each in its own thread.
fn generate(root: &Path, options: &Options, rules: &Rules) -> Result<Vec<codegen::Generated>> {
    thread::scope(|scope| {
        let start = |vendor: &Vendor| {
            let vendor = *vendor;
            // The recursion over syntax trees needs more than the default stack of a thread.
            let thread = thread::Builder::new().stack_size(32 << 20);
            thread.spawn_scoped(scope, move || codegen::vendor(root, vendor, rules, options.force))
        };
        let threads: Vec<_> = options.vendors.iter().map(start).collect::<Result<_, _>>()?;
        threads.into_iter().map(|thread| thread.join().map_err(|_| anyhow!("the generator panicked"))?).collect()
    })
}

/// Shows all complaints. Returns false if there are errors among them.
fn conclude(report: &Report) -> bool {
    for problem in report.problems() {
        eprintln!("{problem}");
    }
    let (errors, warnings) = (report.errors(), report.problems().len() - report.errors());
    if errors + warnings > 0 {
        eprintln!("{errors} errors, {warnings} warnings");
    }
    errors == 0
}

/// Writes or compares the files. Returns false if one of them is stale.
fn deliver(
    root: &Path,
    outputs: &[write::Output],
    folders: &[String],
    check: bool,
    vendors: &[Vendor],
) -> Result<bool> {
    if check {
        let stale = write::stale(root, outputs, folders)?;
        for path in &stale {
            eprintln!("stale: {path}");
        }
        if !stale.is_empty() {
            eprintln!(
                "{} stale files; run `{}`",
                stale.len(),
                format!("cargo xtask codegen {}", names(vendors)).trim_end()
            );
        }
        return Ok(stale.is_empty());
    }
    for path in write::write(root, outputs, folders)? {
        println!("{path}");
    }
    Ok(true)
}

/// Returns the command-line arguments for these vendors: nothing for all of them.
fn names(vendors: &[Vendor]) -> String {
    let all = vendors.len() == VENDORS.len();
    vendors.iter().filter(|_| !all).map(|vendor| vendor.key).collect::<Vec<_>>().join(" ")
}
