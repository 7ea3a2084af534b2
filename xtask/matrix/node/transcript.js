'use strict'
// How the scenarios in node print what they see.
const { createHash } = require('node:crypto')

const REFUSED = process.env.PGWARDEN_MATRIX_REFUSED !== undefined

// A large value, in short.
const digest = (data) => `${data.length} long, sha256 ${createHash('sha256').update(data).digest('hex').slice(0, 16)}`

// Describes errors by what the driver calls their fields. Where servers are of several versions, as in the refused scenario, lines of their
// source are no use. `hidden` differs from run to run.
const describeBy = (names, hidden) => {
  const fields = REFUSED ? names : [...names, 'file', 'line', 'routine']
  return (error) => {
    const found = { name: error.name, message: error.message.replaceAll(hidden, '...') }
    for (const field of fields) if (error[field] !== undefined) found[field] = error[field]
    return found
  }
}

// Prints values, and parts of a scenario with the error that ends them.
const printer = (describe, text = JSON.stringify) => ({
  show: (label, value) => console.log(`${label}: ${text(value)}`),
  step: async (title, part) => {
    console.log(`== ${title}`)
    try {
      await part()
    } catch (error) {
      console.log('error', text(describe(error)))
    }
  }
})

module.exports = { REFUSED, describeBy, digest, printer }
