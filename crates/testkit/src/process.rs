//! What the kernel tells of a running process.

use std::fs;

use anyhow::{Context, Result};

/// Seconds of processor time that a process has used, all its threads and both user and system time.
pub fn cpu_seconds(pid: u32) -> Result<f64> {
    let stat = fs::read_to_string(format!("/proc/{pid}/stat")).context("read a process's times")?;
    // The second field is the program's name in parentheses and may hold anything; utime and stime are the 14th and
    // 15th (proc(5)), so the 12th and 13th after it.
    let after_name = stat.rsplit(')').next().unwrap_or_default();
    let mut fields = after_name.split_whitespace().skip(11);
    let mut ticks = || -> Result<f64> {
        fields
            .next()
            .context("find a process's times")?
            .parse()
            .context("read a process's times")
    };
    let total = ticks()? + ticks()?;
    let per_second =
        u32::try_from(rustix::param::clock_ticks_per_second()).context("read the clock's ticks")?;
    Ok(total / f64::from(per_second))
}

/// Bytes of memory that a process holds now (`VmRSS`).
pub fn resident_bytes(pid: u32) -> Result<u64> {
    status_bytes(pid, "VmRSS:")
}

/// The most bytes of memory that a process ever held (`VmHWM`).
pub fn peak_resident_bytes(pid: u32) -> Result<u64> {
    status_bytes(pid, "VmHWM:")
}

/// How many descriptors a process has open.
pub fn descriptors(pid: u32) -> Result<usize> {
    Ok(fs::read_dir(format!("/proc/{pid}/fd"))
        .context("list a process's descriptors")?
        .count())
}

fn status_bytes(pid: u32, key: &str) -> Result<u64> {
    let status = fs::read_to_string(format!("/proc/{pid}/status")).context("read a process's status")?;
    let kibibytes: u64 = status
        .lines()
        .find_map(|line| line.strip_prefix(key)?.trim().strip_suffix(" kB"))
        .with_context(|| format!("find {key}"))?
        .parse()
        .with_context(|| format!("read {key}"))?;
    Ok(kibibytes * 1024)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn our_own_process_has_memory_time_and_descriptors() {
        let pid = std::process::id();
        assert!(resident_bytes(pid).unwrap() > 0);
        assert!(peak_resident_bytes(pid).unwrap() >= resident_bytes(pid).unwrap() / 2);
        assert!(cpu_seconds(pid).unwrap() >= 0.0);
        let before = descriptors(pid).unwrap();
        let file = std::fs::File::open("/dev/null").unwrap();
        assert!(descriptors(pid).unwrap() > before);
        drop(file);
    }
}
