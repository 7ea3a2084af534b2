#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| pgwarden_proxy::fuzz_proxy_header(data));
