// A validator that stays: reads one question a line, gives one answer a line.
// Question: {"id": 1, "version": "2.0" or "2.1", "document": {...}}.
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

async function groups(folder, recommended, schema) {
  const wanted = (name) => !NOT_HERE.test(name) && !(folder && NOT_OF_2_1.test(name))
  const tests = (module) => Object.values(module).filter((test) => wanted(test.name))
  return {
    schema: [(await load(`${folder}schemaTests.js`))[schema]],
    mandatory: tests(await load(`${folder}mandatoryTests.js`)),
    recommended: tests(await load(`${folder}${recommended}.js`)),
    informative: tests(await load(`${folder}informativeTests.js`)),
  }
}
const tests = {
  '2.0': await groups('', 'optionalTests', 'csaf_2_0_strict'),
  '2.1': await groups('csaf_2_1/', 'recommendedTests', 'csaf_2_1_strict'),
}

async function judge({ version, document }) {
  const found = []
  for (const [group, wanted] of Object.entries(tests[version])) {
    for (const test of (await validate(wanted, document)).tests) {
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
