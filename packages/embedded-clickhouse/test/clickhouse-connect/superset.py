"""What Superset asks: it finds databases, tables and columns, draws a chart, and runs a query in SQL Lab."""

import unittest
import uuid
from datetime import datetime

import sqlalchemy
from sqlalchemy import text

from connection import HOST, PORT

COLUMNS = """
    at DateTime64(6, 'UTC') COMMENT 'when', day Date, path LowCardinality(String), ms UInt32, bytes Nullable(Float64), ok Bool,
    tags Map(String, String), ids Array(UUID), attributes JSON
"""


class Superset(unittest.TestCase):
    def setUp(self):
        self.database = f'superset_{uuid.uuid4().hex}'
        self.engine = sqlalchemy.create_engine(f'clickhousedb+connect://default:@{HOST}:{PORT}/{self.database}')
        self.addCleanup(self.engine.dispose)
        self.run_on_default(f'CREATE DATABASE {self.database}')
        self.addCleanup(self.run_on_default, f'DROP DATABASE {self.database}')
        self.execute(f"CREATE TABLE requests ({COLUMNS}) ENGINE = MergeTree ORDER BY at COMMENT 'all of them'")
        self.execute(
            "INSERT INTO requests (at, path, ms, ok) SELECT toDateTime64('2024-01-01 00:00:00', 6, 'UTC') + number, "
            "['/', '/cart'][number % 2 + 1], number, number % 10 != 0 FROM numbers(600)"
        )
        self.execute('CREATE VIEW slow AS SELECT * FROM requests WHERE ms > 500')

    def run_on_default(self, statement):
        engine = sqlalchemy.create_engine(f'clickhousedb+connect://default:@{HOST}:{PORT}/default')
        with engine.begin() as connection:
            connection.execute(text(statement))
        engine.dispose()

    def execute(self, statement):
        with self.engine.begin() as connection:
            connection.execute(text(statement))

    def rows(self, statement):
        with self.engine.connect() as connection:
            return [tuple(row) for row in connection.execute(text(statement))]

    def test_the_connection_is_tested(self):
        connection = self.engine.raw_connection()
        self.assertTrue(self.engine.dialect.do_ping(connection))
        connection.close()

    def test_databases_tables_and_columns_are_found(self):
        inspector = sqlalchemy.inspect(self.engine)
        self.assertTrue({'default', 'system', self.database} <= set(inspector.get_schema_names()))
        self.assertEqual(set(inspector.get_table_names(self.database)), {'requests', 'slow'})
        self.assertIn('tables', inspector.get_table_names('system'))
        self.assertTrue(inspector.has_table('requests', schema=self.database))
        self.assertFalse(inspector.has_table('nope', schema=self.database))
        self.assertEqual(inspector.default_schema_name, self.database)
        columns = {column['name']: column for column in inspector.get_columns('requests', schema=self.database)}
        self.assertEqual(list(columns), ['at', 'day', 'path', 'ms', 'bytes', 'ok', 'tags', 'ids', 'attributes'])
        self.assertEqual(columns['at']['comment'], 'when')
        self.assertEqual(columns['bytes']['nullable'], True)
        self.assertEqual(inspector.get_table_comment('requests', schema=self.database), {'text': 'all of them'})
        self.assertEqual(inspector.get_indexes('requests', schema=self.database), [])

    def test_a_table_is_reflected(self):
        table = sqlalchemy.Table('requests', sqlalchemy.MetaData(), schema=self.database, autoload_with=self.engine)
        query = sqlalchemy.select(sqlalchemy.func.count(), sqlalchemy.func.max(table.c.ms)).where(table.c.path == '/cart')
        with self.engine.connect() as connection:
            self.assertEqual(tuple(connection.execute(query).one()), (300, 599))

    def test_a_chart_is_drawn(self):
        rows = self.rows(
            'SELECT toStartOfMinute(toDateTime(at)) AS __timestamp, path AS path, count() AS requests, quantile(0.9)(ms) AS p90 '
            f'FROM {self.database}.requests WHERE at >= toDateTime64(\'2024-01-01 00:00:00.000000\', 6) '
            'AND at < toDateTime64(\'2024-01-01 00:05:00.000000\', 6) GROUP BY path, toStartOfMinute(toDateTime(at)) '
            'ORDER BY __timestamp, path LIMIT 10000'
        )
        self.assertEqual(len(rows), 10)
        self.assertEqual(rows[0][:3], (datetime(2024, 1, 1), '/', 30))

    def test_a_query_of_sql_lab(self):
        connection = self.engine.raw_connection()
        cursor = connection.cursor()
        cursor.execute(f'SELECT * FROM {self.database}.slow WHERE ms > 10000 LIMIT 1001')
        self.assertEqual([column[0] for column in cursor.description][:3], ['at', 'day', 'path'])
        self.assertEqual(cursor.fetchall(), [])
        cursor.execute(f'-- comment\nSELECT ms, path LIKE \'%%c%%\' FROM {self.database}.slow ORDER BY ms LIMIT 2', {})
        self.assertEqual(cursor.fetchall(), [(501, 1), (502, 0)])
        connection.close()

    def test_the_names_of_functions_are_offered(self):
        names = self.rows('SELECT name FROM system.functions UNION ALL SELECT name FROM system.table_functions LIMIT 10000')
        self.assertTrue({('count',), ('toStartOfMinute',), ('numbers',)} <= set(names))
