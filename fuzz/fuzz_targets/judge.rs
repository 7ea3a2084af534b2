#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| pgwarden_policy::fuzz_judge(data));
