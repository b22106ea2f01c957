'use strict'
// dynalite, with its tables in memory or in a folder.

const { createRequire } = require('node:module')

const LOCK_WAIT = 5000 // ms; a process that was killed may still be ending

const open = async (Level, path) => {
  for (const until = Date.now() + LOCK_WAIT; ;) {
    const db = new Level(path, { valueEncoding: 'json' })
    try {
      await db.open()
      return db
    } catch (error) {
      const { code, message } = error.cause ?? error
      if (code !== 'LEVEL_LOCKED' || Date.now() > until) throw new Error(`open the tables in ${path}: ${message}`)
      await new Promise((resolve) => setTimeout(resolve, 20))
    }
  }
}

// settle ends what dynalite was about when it was killed: a table that was being
// made, changed or deleted would stay in that state, and be of no use.
const settle = async (db) => {
  for await (const [key, table] of db.iterator({ gte: 'table~', lt: 'table\x7f' })) {
    const indexes = table.GlobalSecondaryIndexes ?? []
    if ([table.TableStatus, ...indexes.map((i) => i.IndexStatus)].every((status) => status === 'ACTIVE')) continue
    table.TableStatus = 'ACTIVE'
    for (const index of indexes) index.IndexStatus = 'ACTIVE'
    await db.put(key, table)
  }
}

// closeIterators lets dynalite close what it reads by: it calls return(), which the iterators of its store lack, so that
// each Query and Scan would leave one open for ever, with all that it sees.
const closeIterators = (requireStore) => {
  const { AbstractIterator, AbstractKeyIterator, AbstractValueIterator } = requireStore('abstract-level')
  for (const kind of [AbstractIterator, AbstractKeyIterator, AbstractValueIterator]) {
    kind.prototype.return ??= function () { return this.close() }
  }
}

// createDynamoDB gives the server. Without path it keeps everything in memory.
const createDynamoDB = async ({ nodeModules, path }) => {
  const { resolve } = createRequire(nodeModules + '/')
  const dynalite = require(resolve('dynalite'))
  const requireOwn = createRequire(resolve('dynalite'))
  closeIterators(createRequire(requireOwn.resolve('level')))
  if (path) {
    const { Level } = requireOwn('level')
    const db = await open(Level, path)
    await settle(db)
    await db.close()
  }
  return dynalite({ path, createTableMs: 0, deleteTableMs: 0, updateTableMs: 0 })
}

module.exports = { createDynamoDB }
