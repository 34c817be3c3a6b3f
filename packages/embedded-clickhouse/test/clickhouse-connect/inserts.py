"""Rows that a client sends: as Native blocks under every compression, as raw data, as tables beside a query."""

import gzip
import random
import uuid
from datetime import date, datetime, timezone
from decimal import Decimal
from ipaddress import IPv4Address, IPv6Address

from clickhouse_connect.driver.exceptions import DatabaseError
from clickhouse_connect.driver.external import ExternalData

from connection import ClientCase, connect

COMPRESSIONS = ('lz4', 'zstd', 'gzip', False)

COLUMNS = """
    id UInt64, i Int128, f Float64, d Decimal(20, 4), day Date, at DateTime, fine DateTime64(6, 'Europe/Berlin'),
    s String, n Nullable(String), low LowCardinality(String), fixed FixedString(4), u UUID, v4 IPv4, v6 IPv6,
    e Enum8('a' = 1, 'b' = 2), flags Array(Bool), pairs Map(String, Array(UInt32)), t Tuple(UInt8, String), j JSON
"""


def row(random_source, n):
    return [
        n,
        random_source.randrange(-(2**127), 2**127),
        random_source.random(),
        Decimal(random_source.randrange(-(10**18), 10**18)).scaleb(-4),
        date(2024, 1, 1 + n % 31),
        datetime(2024, 2, 1 + n % 28, 12, n % 60),
        datetime(2024, 7, 1 + n % 28, 12, n % 60, 1, n % 1_000_000, timezone.utc),
        random_source.choice(['', "it's", 'tab\t', '\\', 'ü 😀 \0', 'x' * 500]),
        random_source.choice([None, '', 'value']),
        f'low {n % 300}',
        b'abc\0',
        uuid.UUID(int=random_source.getrandbits(128)),
        IPv4Address(random_source.getrandbits(32)),
        IPv6Address(random_source.getrandbits(128)),
        random_source.choice('ab'),
        [True, False][: n % 3],
        {f'k{k}': list(range(k)) for k in range(n % 4)},
        (n % 256, str(n)),
        {'n': n, 'deep': {'s': str(n)}},
    ]


class Inserts(ClientCase):
    def test_every_type_under_every_compression(self):
        random_source = random.Random(3)
        rows = [row(random_source, n) for n in range(2_000)]
        for compress in COMPRESSIONS:
            with self.subTest(compress):
                table = f'{self.table}_{compress}'
                client = connect(compress=compress)
                self.addCleanup(client.close)
                client.command(f'CREATE TABLE {table} ({COLUMNS}) ENGINE = MergeTree ORDER BY id')
                self.addCleanup(self.client.command, f'DROP TABLE {table}')
                summary = client.insert(table, rows)
                self.assertEqual(summary.written_rows, len(rows))
                stored = client.query(f'SELECT * FROM {table} ORDER BY id', column_formats={'fixed': 'bytes'})
                self.assertEqual([list(stored_row) for stored_row in stored.result_rows], rows)

    def test_many_rows_by_columns(self):
        self.create('n UInt64, s String')
        numbers = list(range(300_000))
        data = [numbers, [str(n) for n in numbers]]
        self.client.insert(self.table, data, column_oriented=True)
        self.assertEqual(
            self.client.query(f'SELECT count(), sum(n), sum(length(s)) FROM {self.table}').first_row,
            (300_000, sum(numbers), sum(map(len, data[1]))),
        )

    def test_some_columns_leave_the_defaults(self):
        self.create("a UInt8, b String DEFAULT concat('b', toString(a)), m UInt8 MATERIALIZED a + 1")
        self.client.insert(self.table, [[1], [2]], column_names=['a'])
        rows = self.client.query(f'SELECT a, b, m FROM {self.table} ORDER BY a').result_rows
        self.assertEqual(rows, [(1, 'b1', 2), (2, 'b2', 3)])

    def test_a_context_is_used_again(self):
        self.create('a UInt8')
        context = self.client.create_insert_context(self.table)
        for n in range(5):
            context.data = [[n]]
            self.client.insert(context=context)
        self.assertEqual(self.client.command(f'SELECT sum(a) FROM {self.table}'), 10)

    def test_no_rows(self):
        self.create('a UInt8')
        self.client.insert(self.table, [], column_names=['a'])
        self.assertEqual(self.client.command(f'SELECT count() FROM {self.table}'), 0)

    def test_raw_data(self):
        self.create('a UInt8, s String')
        csv = ''.join(f'{n % 256},"row ""{n}"""\n' for n in range(50_000)).encode()
        self.client.raw_insert(self.table, ['a', 's'], csv, fmt='CSV')
        self.client.raw_insert(self.table, ['a', 's'], gzip.compress(csv), fmt='CSV', compression='gzip')
        summary = self.client.raw_insert(self.table, insert_block='{"a":1,"s":"json"}\n{"s":"é"}', fmt='JSONEachRow')
        self.assertEqual(summary.written_rows, 2)
        self.assertEqual(
            self.client.query(f"SELECT count(), uniqExact(s), countIf(s = 'é') FROM {self.table}").first_row, (100_002, 50_002, 1)
        )

    def test_raw_data_in_parts(self):
        self.create('n UInt64')
        parts = (''.join(f'{n}\n' for n in range(start, start + 1_000)).encode() for start in range(0, 50_000, 1_000))
        self.client.raw_insert(self.table, ['n'], parts, fmt='TSV')
        self.assertEqual(self.client.query(f'SELECT count(), sum(n) FROM {self.table}').first_row, (50_000, 1_249_975_000))

    def test_data_beside_a_query(self):
        data = ExternalData(file_name='people.csv', data=b'1,Ann\n2,"B, b"\n', fmt='CSV', structure='id UInt8, name String')
        data.add_file(file_name='places', data=b'2\tRome\n', fmt='TSV', types='UInt8,String')
        rows = self.client.query(
            'SELECT name, _2 FROM people JOIN places ON id = _1 WHERE id < {max:UInt8}', parameters={'max': 9}, external_data=data
        ).result_rows
        self.assertEqual(rows, [('B, b', 'Rome')])

    def test_a_refused_insert_leaves_nothing(self):
        self.create('a UInt8, CONSTRAINT small CHECK a < 10')
        for compress in COMPRESSIONS:
            with self.subTest(compress):
                client = connect(compress=compress)
                self.addCleanup(client.close)
                with self.assertRaises(DatabaseError) as raised:
                    client.insert(self.table, [[n] for n in range(20)], column_names=['a'], column_type_names=['UInt8'])
                self.assertEqual((raised.exception.code, raised.exception.name), (469, 'VIOLATED_CONSTRAINT'))
        with self.assertRaises(DatabaseError) as raised:
            self.client.raw_insert(self.table, ['a'], b'1\nnonsense\n', fmt='TSV')
        self.assertEqual(raised.exception.name, 'CANNOT_PARSE_INPUT_ASSERTION_FAILED')
        with self.assertRaises(DatabaseError) as raised:
            self.client.insert(f'{self.table}_missing', [[1]])
        self.assertEqual(raised.exception.code, 60)
        self.assertEqual(self.client.command(f'SELECT count() FROM {self.table}'), 0)

    def test_settings_hold_for_data_beside_a_query(self):
        data = ExternalData(file_name='people.csv', data=b'1,Ann\nnonsense\n2,Bob\n', fmt='CSV', structure='id UInt8, name String')
        settings = {'input_format_allow_errors_num': 1}
        self.assertEqual(self.client.query('SELECT count() FROM people', external_data=data, settings=settings).first_row, (2,))
