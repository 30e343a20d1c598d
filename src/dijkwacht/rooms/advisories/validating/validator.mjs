// A validator that stays: reads one question a line, gives one answer a line.
// Question: {"id": 1, "version": "2.0" or "2.1", "document": {...}, "remarks": false: only what can refuse}.
// Answer: {"id": 1, "found": [{"test", "group", "place", "says"}]}, the groups schema, mandatory, recommended, informative.
import readline from 'node:readline'
import { pathToFileURL } from 'node:url'
import path from 'node:path'

const load = (file) => import(pathToFileURL(path.join(process.argv[2], file)).href)
const { default: validate } = await load('validate.js')
const NOT_HERE = /_6_3_(6|7|8)$/ // these ask servers of strangers, or a spelling checker
// Its README says that it has no test 6.1.26 for 2.1; what it runs in that place is the one of 2.0, by which the 2.1
// profiles `csaf_withdrawn` and `csaf_superseded` do not exist. The other validator does run it.
const NOT_OF_2_1 = /_6_1_26$/
const MOST = 100 // findings of one test that are told

// What each group of tests is in, and for 2.0 and 2.1: to load all of them takes seconds, so each is loaded when asked for.
const FILES = {
  '2.0': { schema: 'schemaTests', mandatory: 'mandatoryTests', recommended: 'optionalTests', informative: 'informativeTests' },
  '2.1': {
    schema: 'csaf_2_1/schemaTests',
    mandatory: 'csaf_2_1/mandatoryTests',
    recommended: 'csaf_2_1/recommendedTests',
    informative: 'csaf_2_1/informativeTests',
  },
}
const SCHEMA = { '2.0': 'csaf_2_0_strict', '2.1': 'csaf_2_1_strict' }

async function testsOf(version, group) {
  const module = await load(`${FILES[version][group]}.js`)
  if (group === 'schema') return [module[SCHEMA[version]]]
  const wanted = (name) => !NOT_HERE.test(name) && !(version === '2.1' && NOT_OF_2_1.test(name))
  return Object.values(module).filter((test) => wanted(test.name))
}

async function judge({ version, document, remarks }) {
  const found = []
  for (const group of remarks ? ['schema', 'mandatory', 'recommended', 'informative'] : ['schema', 'mandatory']) {
    for (const test of (await validate(await testsOf(version, group), document)).tests) {
      const said = test.errors.concat(test.warnings, test.infos)
      if (!test.isValid && !said.length) said.push({ instancePath: '', message: 'failed' })
      for (const one of said.slice(0, MOST)) {
        found.push({ test: test.name, group, place: one.instancePath ?? '', says: one.message ?? '' })
      }
    }
    if (group === 'schema' && found.length) break // the other tests take a document of the right shape for granted
  }
  return found
}

process.stdout.write(JSON.stringify({ ready: true }) + '\n')
for await (const line of readline.createInterface({ input: process.stdin, crlfDelay: Infinity })) {
  const question = JSON.parse(line)
  let answer
  try {
    answer = { id: question.id, found: await judge(question) }
  } catch (error) {
    answer = { id: question.id, broke: String(error).slice(0, 500) }
  }
  process.stdout.write(JSON.stringify(answer) + '\n')
}
