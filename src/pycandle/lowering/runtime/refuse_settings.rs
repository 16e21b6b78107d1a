use candle_core::{bail, Result};

/// Refuses settings with which the model is another one than that of the generated code.
pub fn refuse_settings(is_other: bool, settings: &str) -> Result<()> {
    if is_other {
        bail!("the model is another one where {settings}: record it with these settings")
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::refuse_settings;

    #[test]
    fn only_other_settings_are_refused() {
        assert!(refuse_settings(false, "depth == 1").is_ok());
        let said = refuse_settings(true, "depth == 1").unwrap_err().to_string();
        assert!(said.contains("another one where depth == 1"), "{said}");
    }
}
