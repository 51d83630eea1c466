//! The four vendors and where their files are.

use std::path::{Path, PathBuf};

use anyhow::{Result, bail};

/// A vendor whose crate is generated.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Vendor {
    /// Folder below `specs/`, and the last part of the crate's name.
    pub key: &'static str,
    /// Name of the product in documentation.
    pub title: &'static str,
}

/// All vendors, in the order in which they are processed.
pub const VENDORS: [Vendor; 4] = [
    Vendor { key: "feishu", title: "Feishu" },
    Vendor { key: "wecom", title: "WeCom" },
    Vendor { key: "dingtalk", title: "DingTalk" },
    Vendor { key: "tencent", title: "Tencent Meeting" },
];

impl Vendor {
    /// Returns the vendor with this folder name.
    pub fn from_key(key: &str) -> Result<Self> {
        match VENDORS.iter().find(|vendor| vendor.key == key) {
            Some(vendor) => Ok(*vendor),
            None => bail!("no vendor is called {key:?}; there are feishu, wecom, dingtalk and tencent"),
        }
    }

    /// Returns the crate's name in Rust code.
    pub fn crate_ident(&self) -> String {
        format!("huiyi_{}", self.key)
    }

    /// Returns the folder with the hand-written YAML files.
    pub fn specs(&self, root: &Path) -> PathBuf {
        root.join("specs").join(self.key)
    }

    /// Returns the path of the bundled document that the crate ships.
    pub fn openapi_json(&self) -> String {
        format!("crates/huiyi-{}/openapi.json", self.key)
    }

    /// Returns the path of the copy of the document that `huiyi-mock` ships.
    pub fn mock_document(&self) -> String {
        format!("{MOCK}/openapi/{}.json", self.key)
    }

    /// Returns the path of the typed stubs of `huiyi-mock`.
    pub fn mock(&self) -> String {
        format!("{MOCK}/src/generated/{}.rs", self.key)
    }

    /// Returns the folder of the generated Rust files.
    pub fn generated(&self) -> String {
        format!("crates/huiyi-{}/src/generated", self.key)
    }

    /// Returns all folders that hold nothing but this vendor's generated files.
    pub fn folders(&self) -> [String; 3] {
        ["", "/builder", "/events"].map(|below| format!("{}{below}", self.generated()))
    }

    /// Returns the path of the dispatcher of the data-driven tests.
    pub fn replay(&self) -> String {
        format!("{REPLAY}/{}.rs", self.key)
    }

    /// Returns the path of the examples of events for the data-driven tests.
    pub fn event_examples(&self) -> String {
        format!("{REPLAY}/{}_events.rs", self.key)
    }
}

/// The folder of `huiyi-mock`.
pub const MOCK: &str = "crates/huiyi-mock";

/// The folder of the dispatchers of all vendors.
pub const REPLAY: &str = "tests/src/generated";

/// Returns the workspace's folder: the nearest one above the current folder that has `specs/README.md`, otherwise
/// the one in which this program was built.
pub fn workspace_root() -> Result<PathBuf> {
    let current = std::env::current_dir()?;
    let above = current.ancestors().find(|folder| folder.join("specs/README.md").is_file());
    match above {
        Some(folder) => Ok(folder.to_path_buf()),
        None => Ok(Path::new(env!("CARGO_MANIFEST_DIR")).join("..").canonicalize()?),
    }
}
