"""Tables of the synthetic Norway. One SQLite file stands in for every register outside Dugnad.

`person.id` runs through all tables, so that rows are written in order and need no further index;
`person.number` (the identity number as an integer) is how simulators find a person.
Dates are ISO text, amounts whole kroner.
"""

VERSION = 4

TABLES = """
CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE person (
  id INTEGER PRIMARY KEY, number INTEGER NOT NULL, given TEXT NOT NULL, family TEXT NOT NULL,
  born TEXT NOT NULL, sex TEXT NOT NULL, status TEXT NOT NULL, civil TEXT NOT NULL, civil_since TEXT,
  spouse INTEGER, dwelling INTEGER, moved_in TEXT, protection TEXT NOT NULL, died TEXT);
CREATE TABLE dwelling (
  id INTEGER PRIMARY KEY, municipality TEXT NOT NULL, street TEXT NOT NULL, house INTEGER NOT NULL,
  unit TEXT NOT NULL, postal_code TEXT NOT NULL, place TEXT NOT NULL);
CREATE TABLE parent (
  child INTEGER NOT NULL, parent INTEGER NOT NULL, role TEXT NOT NULL, responsible INTEGER NOT NULL,
  PRIMARY KEY (child, parent)) WITHOUT ROWID;
CREATE TABLE shared_home (child INTEGER PRIMARY KEY, dwelling INTEGER NOT NULL, since TEXT NOT NULL);
CREATE TABLE former_address (
  person INTEGER NOT NULL, dwelling INTEGER NOT NULL, since TEXT NOT NULL, until TEXT NOT NULL,
  PRIMARY KEY (person, since)) WITHOUT ROWID;
CREATE TABLE guardian (
  ward INTEGER NOT NULL, guardian INTEGER NOT NULL, kind TEXT NOT NULL, scope TEXT NOT NULL,
  since TEXT NOT NULL, PRIMARY KEY (ward, guardian)) WITHOUT ROWID;
CREATE TABLE income (
  person INTEGER NOT NULL, year INTEGER NOT NULL, wages INTEGER NOT NULL, business INTEGER NOT NULL,
  interest INTEGER NOT NULL, settled TEXT NOT NULL, PRIMARY KEY (person, year)) WITHOUT ROWID;
CREATE TABLE kindergarten (id INTEGER PRIMARY KEY, name TEXT NOT NULL, municipality TEXT NOT NULL);
CREATE TABLE kindergarten_place (
  person INTEGER PRIMARY KEY, kindergarten INTEGER NOT NULL, hours INTEGER NOT NULL, price INTEGER NOT NULL,
  since TEXT NOT NULL);
CREATE TABLE after_school_place (
  person INTEGER PRIMARY KEY, municipality TEXT NOT NULL, school TEXT NOT NULL, share INTEGER NOT NULL,
  price INTEGER NOT NULL, since TEXT NOT NULL);
CREATE TABLE contact (
  person INTEGER PRIMARY KEY, status TEXT NOT NULL, reserved INTEGER NOT NULL, email TEXT,
  email_updated TEXT, email_verified TEXT, mobile TEXT, mobile_updated TEXT, mobile_verified TEXT,
  language TEXT, language_updated TEXT);
CREATE TABLE test_person (
  key TEXT PRIMARY KEY, person INTEGER NOT NULL, place INTEGER NOT NULL) WITHOUT ROWID;
"""

# Built when all rows are there: one sort each instead of five million searches.
INDEXES = """
CREATE UNIQUE INDEX person_by_number ON person (number);
CREATE INDEX person_by_dwelling ON person (dwelling);
CREATE INDEX dwelling_by_address ON dwelling (postal_code, street, house);
CREATE INDEX parent_by_parent ON parent (parent);
CREATE INDEX shared_home_by_dwelling ON shared_home (dwelling);
CREATE INDEX guardian_by_guardian ON guardian (guardian);
"""

COLUMNS = {
    "person": 14,
    "dwelling": 7,
    "parent": 4,
    "shared_home": 3,
    "former_address": 4,
    "guardian": 5,
    "income": 6,
    "kindergarten": 3,
    "kindergarten_place": 5,
    "after_school_place": 6,
    "contact": 11,
    "test_person": 3,
}
