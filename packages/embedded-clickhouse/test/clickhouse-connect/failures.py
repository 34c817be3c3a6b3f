"""What a client learns when something goes wrong, and that it can go on afterwards."""

from clickhouse_connect.driver.exceptions import DatabaseError

from connection import ClientCase, connect

STATEMENTS = [
    ('SELECT nope', 47, 'UNKNOWN_IDENTIFIER'),
    ('SELECT * FROM nope', 60, 'UNKNOWN_TABLE'),
    ('SELECT * FROM nope.nope', 81, 'UNKNOWN_DATABASE'),
    ('SELCT 1', 62, 'SYNTAX_ERROR'),
    ("SELECT toUInt8('x')", 6, 'CANNOT_PARSE_TEXT'),
    ('SELECT nope(1)', 46, 'UNKNOWN_FUNCTION'),
    ("SELECT 1 + 'a'", 43, 'ILLEGAL_TYPE_OF_ARGUMENT'),
    ('SELECT throwIf(1)', 395, 'FUNCTION_THROW_IF_VALUE_IS_NON_ZERO'),
    ('SELECT count() FROM numbers(1000000000000) SETTINGS max_execution_time = 0.2', 159, 'TIMEOUT_EXCEEDED'),
    ('SELECT number FROM numbers(1000) SETTINGS max_result_rows = 10, max_block_size = 5', 396, 'TOO_MANY_ROWS_OR_BYTES'),
    ('SELECT groupArray(number) FROM numbers(100000000) SETTINGS max_memory_usage = 10000000', 241, 'MEMORY_LIMIT_EXCEEDED'),
]


class Failures(ClientCase):
    def test_statements(self):
        for compress in ('lz4', 'zstd', False):
            client = connect(compress=compress)
            self.addCleanup(client.close)
            for statement, code, name in STATEMENTS:
                for call in (client.query, client.command):
                    with self.subTest(statement, compress=compress, call=call.__name__):
                        with self.assertRaises(DatabaseError) as raised:
                            call(statement)
                        self.assertEqual((raised.exception.code, raised.exception.name), (code, name))
                        self.assertIn(f'Code: {code}. DB::Exception: ', str(raised.exception))
            self.assertEqual(client.command('SELECT 1'), 1)

    def test_one_in_the_middle_of_a_result(self):
        # query() asks for wait_end_of_query, so the error has its status although rows were there before it.
        with self.assertRaises(DatabaseError) as raised:
            self.client.query('SELECT throwIf(number = 90000) FROM numbers(100000)')
        self.assertEqual(raised.exception.code, 395)

    def test_a_wrong_password(self):
        with self.assertRaises(DatabaseError) as raised:
            connect(username='default', password='wrong')
        self.assertEqual((raised.exception.code, raised.exception.name), (516, 'AUTHENTICATION_FAILED'))

    def test_an_unknown_database(self):
        with self.assertRaises(DatabaseError) as raised:
            connect(database='nope').query('SELECT 1')
        self.assertEqual(raised.exception.code, 81)
