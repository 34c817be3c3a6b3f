"""What a SELECT brings, type by type, and what a client learns beside the rows."""

import uuid
from datetime import date, datetime, timedelta
from decimal import Decimal
from ipaddress import IPv4Address, IPv6Address
from zoneinfo import ZoneInfo

from clickhouse_connect.driver.summary import QuerySummary

from connection import ClientCase, connect

VALUES = [
    ('toInt8(-128)', -128),
    ('toUInt64(18446744073709551615)', 2**64 - 1),
    ("toInt128('-170141183460469231731687303715884105728')", -(2**127)),
    ("toUInt256('115792089237316195423570985008687907853269984665640564039457584007913129639935')", 2**256 - 1),
    ('toFloat32(0.5)', 0.5),
    ('-1.25e300', -1.25e300),
    ('true', True),
    ("toDecimal32('-1.5', 4)", Decimal('-1.5000')),
    ("toDecimal64('12.345', 3)", Decimal('12.345')),
    ("toDecimal256('1234567890123456789012345678901234567890.12', 2)", Decimal('1234567890123456789012345678901234567890.12')),
    ("toDate('2024-02-29')", date(2024, 2, 29)),
    ("toDate32('1925-01-01')", date(1925, 1, 1)),
    ("toDateTime('2024-02-29 23:59:59')", datetime(2024, 2, 29, 23, 59, 59)),
    ("toDateTime64('2024-02-29 23:59:59.123456', 6)", datetime(2024, 2, 29, 23, 59, 59, 123456)),
    (
        "toDateTime64('2024-03-10 03:30:00.250', 3, 'America/New_York')",
        datetime(2024, 3, 10, 3, 30, 0, 250000, ZoneInfo('America/New_York')),
    ),
    (
        "toDateTime64('2024-10-27 12:00:00', 0, 'Asia/Kolkata')",
        datetime(2024, 10, 27, 12, tzinfo=ZoneInfo('Asia/Kolkata')),
    ),
    ("'plain'", 'plain'),
    ("'Grüße, 日本 😀 \\0 \\n \\t \\\\'", 'Grüße, 日本 😀 \0 \n \t \\'),
    ("toFixedString('ab', 3)", b'ab\0'),
    ("toLowCardinality('low')", 'low'),
    ("toLowCardinality(toNullable('low'))", 'low'),
    ('CAST(NULL, \'LowCardinality(Nullable(String))\')', None),
    ('NULL', None),
    ('toNullable(7)', 7),
    ("CAST(NULL, 'Nullable(DateTime64(3))')", None),
    ("CAST('b', 'Enum8(\\'a\\' = 1, \\'b\\' = -2)')", 'b'),
    ("toUUID('61f0c404-5cb3-11e7-907b-a6006ad3dba0')", uuid.UUID('61f0c404-5cb3-11e7-907b-a6006ad3dba0')),
    ("toIPv4('192.0.2.7')", IPv4Address('192.0.2.7')),
    ("toIPv6('2001:db8::7')", IPv6Address('2001:db8::7')),
    ('[1, 2, 3]', [1, 2, 3]),
    ("[[], ['a', 'b']]", [[], ['a', 'b']]),
    ('[1, NULL]', [1, None]),
    ("map('a', [1, 2], 'b', [])", {'a': [1, 2], 'b': []}),
    ("(1, 'x', NULL)", (1, 'x', None)),
    ("CAST((1, 'x'), 'Tuple(n UInt8, s String)')", {'n': 1, 's': 'x'}),
    ("'{\"a\": {\"b\": 1}, \"c\": [\"x\", \"y\"]}'::JSON", {'a': {'b': 1}, 'c': ['x', 'y']}),
    ("CAST(toUInt64(42), 'Variant(String, UInt64)')", 42),
    ("CAST('x', 'Dynamic')", 'x'),
    ("CAST((1., 2.), 'Point')", (1.0, 2.0)),
]


class Queries(ClientCase):
    def test_values(self):
        for expression, expected in VALUES:
            with self.subTest(expression):
                self.assertEqual(self.value(expression), expected)

    def test_all_values_in_one_row(self):
        columns = ', '.join(f'{expression} AS c{i}' for i, (expression, _) in enumerate(VALUES))
        result = self.client.query(f'SELECT {columns}')
        self.assertEqual(list(result.first_row), [expected for _, expected in VALUES])
        self.assertEqual(result.column_names, tuple(f'c{i}' for i in range(len(VALUES))))

    def test_low_cardinality_over_many_blocks(self):
        rows = self.client.query(
            'SELECT toLowCardinality(toString(number % 1000)), number FROM numbers(200000)', settings={'max_block_size': 7000}
        ).result_rows
        self.assertEqual(rows, [(str(n % 1000), n) for n in range(200_000)])

    def test_rows_of_every_block(self):
        for rows in (0, 1, 65_409, 65_410, 300_000):
            with self.subTest(rows):
                numbers = self.client.query(f'SELECT number FROM numbers({rows})').result_columns
                self.assertEqual(list(numbers[0]) if rows else [], list(range(rows)))

    def test_no_rows(self):
        result = self.client.query('SELECT number, toString(number) AS s FROM numbers(0)')
        self.assertEqual(result.result_rows, [])

    def test_limit_0_tells_names_and_types(self):
        result = self.client.query("SELECT 1 AS a, toDecimal64('1', 3) AS b LIMIT 0")
        self.assertEqual(result.column_names, ('a', 'b'))
        self.assertEqual([column.name for column in result.column_types], ['UInt8', 'Decimal(18, 3)'])

    def test_every_compression_of_the_reply(self):
        for compress in ('lz4', 'zstd', 'gzip', 'deflate', False):
            with self.subTest(compress):
                client = connect(compress=compress)
                self.addCleanup(client.close)
                columns = client.query('SELECT number, repeat(toString(number), 3) FROM numbers(100000)').result_columns
                self.assertEqual(sum(columns[0]), 4_999_950_000)
                self.assertEqual(columns[1][99_999], '99999' * 3)

    def test_raw_query(self):
        self.assertEqual(self.client.raw_query('SELECT 1, 2', fmt='CSV'), b'1,2\n')
        self.assertEqual(
            self.client.raw_query('SELECT number AS n FROM numbers(100000) ORDER BY n', fmt='CSVWithNames'),
            b'"n"\n' + b''.join(b'%d\n' % n for n in range(100_000)),
        )

    def test_the_summary_tells_the_query_id(self):
        query_id = f'mine-{uuid.uuid4()}'
        self.assertEqual(self.client.query('SELECT 1', settings={'query_id': query_id}).query_id, query_id)
        self.assertEqual(uuid.UUID(self.client.query('SELECT 1').query_id).version, 4)
        self.assertEqual(self.client.query('SELECT number FROM numbers(10)').summary['result_rows'], '10')

    def test_commands(self):
        self.assertEqual(self.client.command('SELECT 1'), 1)
        self.assertEqual(self.client.command("SELECT 'a', 'b'"), ['a', 'b'])
        self.assertEqual(self.client.command('SELECT 1 WHERE 0'), '')
        self.assertIsInstance(self.client.command(f'DROP TABLE IF EXISTS {self.table}'), QuerySummary)
        self.assertIn('query_id', self.client.query('SET max_threads = 2').first_item)

    def test_ping_and_version(self):
        self.assertTrue(self.client.ping())
        self.assertRegex(self.client.server_version, r'^\d+\.\d+\.\d+')
        self.assertEqual(self.client.server_tz.utcoffset(datetime(2024, 7, 1)), timedelta(0))
        self.assertTrue(self.client.min_version('25'))
