//! All stages for one vendor: from its YAML files to the files of its crate.

use std::path::Path;

use anyhow::{Result, bail};

use crate::document::Bundle;
use crate::report::Report;
use crate::rules::Rules;
use crate::vendor::{MOCK, REPLAY, Vendor};
use crate::write::{self, Output};
use crate::{bundle, events, generate, lint, listing, lower, mock, postpass, replay};

/// The result for one vendor.
#[derive(Debug, Default)]
pub struct Generated {
    /// Complaints. If there are errors among them, there are no files, unless errors were to be ignored.
    pub report: Report,
    /// Files to write.
    pub outputs: Vec<Output>,
}

/// Generates everything for a vendor. With `force`, errors of the lint do not stop it.
pub fn vendor(root: &Path, vendor: Vendor, rules: &Rules, force: bool) -> Result<Generated> {
    let (bundle, mut report) = bundle::read(root, vendor)?;
    report.extend(lint::check(&bundle));
    if report.errors() > 0 && !force {
        return Ok(Generated { report, outputs: Vec::new() });
    }
    let outputs = stages(&bundle, rules).and_then(|(lowered, mut outputs)| {
        outputs.push(listing::readme(root, &lowered).map_err(Failure::Generator)?);
        Ok(outputs)
    });
    match outputs {
        Ok(outputs) => Ok(Generated { report, outputs }),
        Err(Failure::Specs(more)) => {
            report.extend(more);
            Ok(Generated { report, outputs: Vec::new() })
        }
        Err(Failure::Generator(error)) => {
            report.file(&format!("specs/{}", vendor.key), format!("{error:#}"), "the lint missed this; add a check");
            Ok(Generated { report, outputs: Vec::new() })
        }
    }
}

/// Why a linted document could not be generated.
#[derive(Debug)]
pub enum Failure {
    /// Complaints that only lowering can find.
    Specs(Report),
    /// A failure of the generator or of the post-pass.
    Generator(anyhow::Error),
}

/// Returns the files for a bundled document, without the crate's README, of which only a table is generated.
pub fn outputs(bundle: &Bundle, rules: &Rules) -> Result<Vec<Output>, Failure> {
    stages(bundle, rules).map(|(_, outputs)| outputs)
}

fn stages(bundle: &Bundle, rules: &Rules) -> Result<(lower::plan::Lowered, Vec<Output>), Failure> {
    let lowered = lower::lower(bundle, rules).map_err(Failure::Specs)?;
    let outputs = render(bundle, &lowered, rules).map_err(Failure::Generator)?;
    Ok((lowered, outputs))
}

fn render(bundle: &Bundle, lowered: &lower::plan::Lowered, rules: &Rules) -> Result<Vec<Output>> {
    if lowered.operations.is_empty() {
        bail!("there is no operation");
    }
    let file = generate::generate(lowered)?;
    let reworked = postpass::rework(lowered, file, rules)?;
    let document = bundle::render(bundle)?;
    let version = lowered.info.get("version").and_then(serde_json::Value::as_str).unwrap_or_default();
    let folder = bundle.vendor.generated();
    let mut outputs = vec![
        Output { path: format!("{folder}/mod.rs"), text: write::module(bundle.vendor, version, &document) },
        Output { path: bundle.vendor.replay(), text: write::render(&replay::file(lowered, &reworked.builders))? },
        Output {
            path: bundle.vendor.event_examples(),
            text: write::render(&events::replay::file(bundle.vendor, &bundle.root)?)?,
        },
        Output { path: format!("{REPLAY}/mod.rs"), text: write::render(&replay::shared())? },
        listing::documentation(lowered),
        Output { path: bundle.vendor.openapi_json(), text: document },
        Output { path: bundle.vendor.mock_document(), text: mock::document(bundle)? },
        Output { path: bundle.vendor.mock(), text: write::render(&mock::file(lowered, &reworked.builders))? },
        Output { path: format!("{MOCK}/src/generated/mod.rs"), text: write::render(&mock::shared())? },
    ];
    for plan in lowered.operations.iter().filter(|plan| !plan.generated) {
        let path = format!("{folder}/{}.md", plan.id);
        outputs.push(Output { path, text: postpass::client::documentation(lowered, plan) });
    }
    for (name, tokens) in &reworked.files {
        outputs.push(Output { path: format!("{folder}/{name}"), text: write::render(tokens)? });
    }
    Ok(outputs)
}
