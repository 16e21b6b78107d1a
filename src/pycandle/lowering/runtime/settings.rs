//! Reads the settings of a model from its `config.json`.

use candle_core::{bail, Result};
use std::str::FromStr;

/// The settings in a JSON object: the text of each value by its path, names joined by dots.
#[derive(Debug, Clone)]
pub struct Settings {
    values: Vec<(String, String)>,
}

/// Reads JSON. Only objects are looked into; any other value keeps its text.
pub fn settings(text: &str) -> Result<Settings> {
    let mut reader = SettingsReader {
        text,
        position: 0,
        depth: 0,
    };
    let mut values = Vec::new();
    reader.value("", &mut values)?;
    reader.space();
    if reader.position < text.len() {
        return reader.refuse("the end");
    }
    if !text.trim_start().starts_with('{') {
        bail!("config.json: expected an object")
    }
    Ok(Settings { values })
}

impl Settings {
    /// Returns the text of the first of some paths that is there, and not null.
    fn get(&self, paths: &[&str]) -> Option<&str> {
        paths.iter().find_map(|path| {
            let mut found = self.values.iter().filter(|(name, _)| name == path);
            found
                .next_back()
                .map(|(_, value)| value.as_str())
                .filter(|value| *value != "null")
        })
    }

    /// Returns a number under one of its names, or what holds where it is left out.
    pub fn number<T: FromStr>(&self, paths: &[&str], or: Option<T>) -> Result<T> {
        match (self.get(paths), or) {
            (None, Some(value)) => Ok(value),
            (None, None) => bail!("config.json: `{}` is left out", paths[0]),
            (Some(text), _) => match text.parse() {
                Ok(value) => Ok(value),
                Err(_) => bail!(
                    "config.json: `{}` is {text}, and must be of type {}",
                    paths[0],
                    std::any::type_name::<T>()
                ),
            },
        }
    }

    /// Returns a list of numbers under one of its names, or what holds where it is left out.
    #[allow(dead_code)] // Not every model has a setting that is a list.
    pub fn numbers<T: Copy + Default + FromStr, const N: usize>(
        &self,
        paths: &[&str],
        or: Option<[T; N]>,
    ) -> Result<[T; N]> {
        let Some(path) = paths.iter().find(|path| self.get(&[**path]).is_some()) else {
            return match or {
                Some(values) => Ok(values),
                None => bail!("config.json: `{}` is left out", paths[0]),
            };
        };
        let mut values = [T::default(); N];
        for (index, value) in values.iter_mut().enumerate() {
            *value = self.number(&[&format!("{path}.{index}")], None)?;
        }
        Ok(values)
    }

    /// Returns what each text in a list stands for, and refuses any other one.
    #[allow(dead_code)] // Not every model has a setting that says what each layer is.
    pub fn choices<T: Copy>(&self, paths: &[&str], known: &[(&str, T)]) -> Result<Vec<T>> {
        let Some(path) = paths.iter().find(|path| self.get(&[**path]).is_some()) else {
            bail!("config.json: `{}` is left out", paths[0])
        };
        let mut found = Vec::new();
        while let Some(text) = self.get(&[&format!("{path}.{}", found.len())]) {
            match known
                .iter()
                .find(|(name, _)| text.trim_matches('"') == *name)
            {
                Some((_, choice)) => found.push(*choice),
                None => bail!(
                    "config.json: `{path}.{}` is {text}, but this code was generated for {}; \
                     record the model again with this configuration",
                    found.len(),
                    known
                        .iter()
                        .map(|(name, _)| *name)
                        .collect::<Vec<_>>()
                        .join(", ")
                ),
            }
        }
        Ok(found)
    }

    /// Refuses a list of another length than that of the model that the code was generated for.
    #[allow(dead_code)] // Not every model has a setting that is a list.
    pub fn require_length(&self, paths: &[&str], wanted: usize) -> Result<()> {
        for path in paths.iter().filter(|path| self.get(&[**path]).is_some()) {
            let has = |index: usize| {
                self.values
                    .iter()
                    .any(|(name, _)| *name == format!("{path}.{index}"))
            };
            if !(wanted == 0 || has(wanted - 1)) || has(wanted) {
                bail!(
                    "config.json: `{path}` must have {wanted} items; record the model again with \
                     this configuration"
                )
            }
        }
        Ok(())
    }

    /// Refuses a list with any item but the one that the code was generated for.
    ///
    /// `or_none`: whether the setting may be left out.
    #[allow(dead_code)] // Not every model has a setting with an item for each layer.
    pub fn require_each(&self, paths: &[&str], wanted: &str, or_none: bool) -> Result<()> {
        let Some(path) = paths.iter().find(|path| self.get(&[**path]).is_some()) else {
            return self.require(paths, wanted, or_none);
        };
        if self
            .get(&[*path])
            .is_some_and(|text| !text.starts_with('['))
        {
            bail!("config.json: `{path}` must be a list")
        }
        let mut index = 0;
        while self.get(&[&format!("{path}.{index}")]).is_some() {
            self.require(&[&format!("{path}.{index}")], wanted, false)?;
            index += 1;
        }
        Ok(())
    }

    /// Refuses any value but the one that the code was generated for.
    ///
    /// `or_none`: whether the setting may be left out.
    #[allow(dead_code)] // Not every model has a setting that is required.
    pub fn require(&self, paths: &[&str], wanted: &str, or_none: bool) -> Result<()> {
        let found = match self.get(paths) {
            None if or_none || wanted == "null" => return Ok(()),
            None => "left out",
            Some(text) => text,
        };
        let same_number = match (found.parse::<f64>(), wanted.parse::<f64>()) {
            (Ok(one), Ok(other)) => one == other,
            _ => false,
        };
        if found != wanted && !same_number {
            bail!(
                "config.json: `{}` is {found}, but this code was generated for {wanted}; \
                 record the model again with this configuration",
                paths[0]
            )
        }
        Ok(())
    }
}

/// A position in the text of a JSON file.
struct SettingsReader<'a> {
    text: &'a str,
    position: usize,
    depth: usize,
}

impl SettingsReader<'_> {
    fn space(&mut self) {
        let rest = &self.text[self.position..];
        self.position += rest.len() - rest.trim_start_matches([' ', '\t', '\n', '\r']).len();
    }

    fn refuse<T>(&self, wanted: &str) -> Result<T> {
        bail!("config.json: expected {wanted} at byte {}", self.position)
    }

    fn accept(&mut self, mark: char) -> bool {
        self.space();
        let found = self.text[self.position..].starts_with(mark);
        self.position += if found { mark.len_utf8() } else { 0 };
        found
    }

    /// Reads a value, and keeps its text without the spaces between its parts.
    fn value(&mut self, path: &str, values: &mut Vec<(String, String)>) -> Result<String> {
        self.depth += 1;
        if self.depth > 64 {
            bail!("config.json: it nests deeper than 64")
        }
        self.space();
        let text = match self.text[self.position..].chars().next() {
            Some('{') => self.object(path, values)?,
            Some('[') => self.list(path, values)?,
            Some('"') => self.string()?,
            _ => self.word()?,
        };
        self.depth -= 1;
        Ok(text)
    }

    fn object(&mut self, path: &str, values: &mut Vec<(String, String)>) -> Result<String> {
        self.accept('{');
        let mut first = true;
        while !self.accept('}') {
            if !first && !self.accept(',') {
                return self.refuse("`,` or `}`");
            }
            first = false;
            self.space();
            let name = self.string()?;
            let name = name.trim_matches('"');
            let inside = if path.is_empty() {
                name.to_string()
            } else {
                format!("{path}.{name}")
            };
            if !self.accept(':') {
                return self.refuse("`:`");
            }
            let value = self.value(&inside, values)?;
            values.push((inside, value));
        }
        Ok("{..}".to_string())
    }

    fn list(&mut self, path: &str, values: &mut Vec<(String, String)>) -> Result<String> {
        self.accept('[');
        let mut items = Vec::new();
        while !self.accept(']') {
            if !items.is_empty() && !self.accept(',') {
                return self.refuse("`,` or `]`");
            }
            let inside = format!("{path}.{}", items.len());
            let item = self.value(&inside, values)?;
            values.push((inside, item.clone()));
            items.push(item);
        }
        Ok(format!("[{}]", items.join(", ")))
    }

    fn string(&mut self) -> Result<String> {
        let rest = &self.text[self.position..];
        let mut escaped = false;
        for (index, character) in rest.char_indices() {
            if index == 0 {
                if character != '"' {
                    return self.refuse("a string");
                }
            } else if character == '"' && !escaped {
                self.position += index + 1;
                return Ok(rest[..=index].to_string());
            }
            escaped = character == '\\' && !escaped;
        }
        self.refuse("the end of a string")
    }

    fn word(&mut self) -> Result<String> {
        let rest = &self.text[self.position..];
        let end = rest
            .find([',', '}', ']', ' ', '\t', '\n', '\r'])
            .unwrap_or(rest.len());
        let word = &rest[..end];
        let is_value = matches!(
            word,
            "true" | "false" | "null" | "NaN" | "Infinity" | "-Infinity"
        );
        if !is_value && (word.is_empty() || word.parse::<f64>().is_err()) {
            return self.refuse("a value");
        }
        self.position += end;
        Ok(word.to_string())
    }
}

#[cfg(test)]
mod tests {
    use super::settings;

    #[test]
    fn values_are_found_by_path() -> candle_core::Result<()> {
        let text = r#"{"size": 64, "eps": 1e-6, "act": "silu", "rope": {"theta": 10000.0},
            "pad": null, "list": [1,  2], "tied": false}"#;
        let json = settings(text)?;
        assert_eq!(json.number::<usize>(&["hidden", "size"], None)?, 64);
        assert_eq!(json.number(&["eps"], Some(0.5))?, 1e-6);
        assert_eq!(json.number::<f64>(&["theta", "rope.theta"], None)?, 10000.0);
        assert_eq!(json.number(&["pad"], Some(7))?, 7);
        assert_eq!(json.number::<usize>(&["list.1"], None)?, 2);
        json.require(&["act"], "\"silu\"", false)?;
        json.require(&["tied"], "false", false)?;
        json.require(&["missing"], "3", true)?;
        json.require(&["list"], "[1, 2]", false)?;
        json.require_each(&["missing"], "1", true)?;
        assert_eq!(json.numbers(&["list"], Some([7, 7]))?, [1, 2]);
        assert_eq!(json.numbers(&["missing"], Some([7, 7]))?, [7, 7]);
        json.require_length(&["list"], 2)?;
        json.require_length(&["missing"], 2)?;
        let json = settings(r#"{"types": ["far", "near", "far"]}"#)?;
        let types = json.choices(&["kinds", "types"], &[("near", 1), ("far", 2)])?;
        assert_eq!(types, [2, 1, 2]);
        Ok(())
    }

    #[test]
    fn another_value_is_refused_by_name() -> candle_core::Result<()> {
        let json = settings(r#"{"act": "gelu", "size": 1.5}"#)?;
        let said = |result: candle_core::Result<()>| result.map_err(|e| e.to_string()).unwrap_err();
        let message = said(json.require(&["act"], "\"silu\"", true));
        assert!(message.contains("`act` is \"gelu\", but this code was generated for \"silu\""));
        assert!(said(json.number::<usize>(&["size"], None).map(|_| ())).contains("type usize"));
        assert!(said(json.require(&["other"], "1", false)).contains("`other` is left out"));
        let json = settings(r#"{"types": ["full", "full", "slow"], "size": 3}"#)?;
        let message = said(json.require_each(&["types"], "\"full\"", false));
        assert!(message.contains("`types.2` is \"slow\", but this code was generated for \"full\""));
        assert!(said(json.require_each(&["size"], "3", true)).contains("must be a list"));
        for (path, length) in [("types", 2), ("types", 4), ("size", 1)] {
            let wanted = format!("`{path}` must have {length} items");
            assert!(said(json.require_length(&[path], length)).contains(&wanted));
        }
        let message = said(json.choices(&["types"], &[("full", 1)]).map(|_| ()));
        assert!(message.contains("`types.2` is \"slow\", but this code was generated for full"));
        assert!(said(json.choices(&["other"], &[("full", 1)]).map(|_| ())).contains("left out"));
        let missing = json.numbers::<usize, 2>(&["other"], None).map(|_| ());
        assert!(said(missing).contains("`other` is left out"));
        Ok(())
    }

    #[test]
    fn what_is_no_json_is_refused() {
        for text in [
            "",
            "{",
            "[1]",
            "{\"a\" 1}",
            "{\"a\": }",
            "{} x",
            "{\"a\": 1,, }",
        ] {
            assert!(settings(text).is_err(), "{text}");
        }
    }
}
