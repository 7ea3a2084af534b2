//! Functions that look like ways and are none.
