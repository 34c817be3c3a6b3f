"""Values beside the statement: what goes in must come out, whatever it holds."""

import ipaddress
import uuid
from datetime import date, datetime, timezone
from decimal import Decimal
from zoneinfo import ZoneInfo

from clickhouse_connect.driver.binding import DT64Param
from clickhouse_connect.driver.exceptions import DatabaseError

from connection import ClientCase, connect

STRINGS = [
    '',
    'plain',
    "it's",
    'double "quotes" and `backquotes`',
    'back\\slash, \\n, \\\\, \\x41, trailing \\',
    'tab\tline\nreturn\rnull\0bell\b feed\f',
    'Grüße, 日本, 😀, \u2028',
    "'; DROP TABLE t; --",
    '{x:String} %(x)s %s ? :x $1',
    'a&b=c+d%20e#f',
    '\\N',
    'NULL',
    'x' * 5_000,
]


class Parameters(ClientCase):
    def sent(self, kind, value, **options):
        return self.value(f'{{x:{kind}}}', parameters={'x': value}, **options)

    def test_strings(self):
        for text in STRINGS:
            for kind in ('String', 'Nullable(String)', 'LowCardinality(String)'):
                with self.subTest(text[:40], kind=kind):
                    self.assertEqual(self.sent(kind, text), text)

    def test_arrays_of_strings(self):
        self.assertEqual(self.sent('Array(String)', STRINGS), STRINGS)
        self.assertEqual(self.sent('Array(Array(String))', [STRINGS, []]), [STRINGS, []])

    def test_other_types(self):
        identifier = uuid.UUID('61f0c404-5cb3-11e7-907b-a6006ad3dba0')
        for kind, value in [
            ('UInt8', 255),
            ('Int64', -(2**63)),
            ('UInt256', 2**256 - 1),
            ('Float64', -1.5e-300),
            ('Bool', True),
            ('Decimal(38, 10)', Decimal('-1234567890.0123456789')),
            ('Date', date(2024, 2, 29)),
            ('Date32', date(1950, 1, 1)),
            ('UUID', identifier),
            ('IPv4', ipaddress.IPv4Address('192.0.2.7')),
            ('IPv6', ipaddress.IPv6Address('2001:db8::7')),
            ('Array(Int32)', [1, -2, 3]),
            ('Array(Date)', [date(2024, 1, 1), date(2024, 12, 31)]),
            ('Array(Nullable(String))', ['a', None, "it's"]),
            ('Tuple(UInt8, String)', (1, "it's")),
            ('JSON', {'a': {'b': 1}, 'c': ["it's", 'é']}),
            ("Enum8('a' = 1, 'b' = 2)", 'b'),
        ]:
            with self.subTest(kind):
                self.assertEqual(self.sent(kind, value), value)

    def test_none(self):
        self.assertIsNone(self.sent('Nullable(String)', None))
        self.assertIsNone(self.sent('Nullable(DateTime)', None))

    def test_times(self):
        moment = datetime(2024, 2, 29, 23, 59, 59, tzinfo=timezone.utc)
        self.assertEqual(self.sent('DateTime', moment), moment.replace(tzinfo=None))
        fine = datetime(2024, 7, 1, 12, 0, 0, 123456, ZoneInfo('Europe/Berlin'))
        kind = "DateTime64(6, 'Europe/Berlin')"
        self.assertEqual(self.sent(kind, DT64Param(fine)), fine)

    def test_identifiers(self):
        self.create('`odd name` UInt8')
        self.client.insert(self.table, [[7]])
        rows = self.client.query(
            'SELECT {c:Identifier} FROM {d:Identifier}.{t:Identifier}',
            parameters={'c': 'odd name', 'd': 'default', 't': self.table},
        ).result_rows
        self.assertEqual(rows, [(7,)])

    def test_in_many_places(self):
        rows = self.client.query(
            'SELECT number FROM numbers({n:UInt64}) WHERE number % {m:UInt8} = 0 AND number IN {some:Array(UInt64)} LIMIT {n:UInt64}',
            parameters={'n': 100, 'm': 3, 'some': [3, 4, 6]},
        ).result_rows
        self.assertEqual(rows, [(3,), (6,)])

    def test_in_the_form(self):
        client = connect(form_encode_query_params=True)
        self.addCleanup(client.close)
        for text in STRINGS:
            with self.subTest(text[:40]):
                self.assertEqual(client.query('SELECT {x:String}', parameters={'x': text}).first_row[0], text)
        many = [f'{n} "{text[:40]}"' for n in range(100) for text in STRINGS]
        self.assertEqual(client.query('SELECT {x:Array(String)}', parameters={'x': many}).first_row[0], many)
        self.assertEqual(client.raw_query('SELECT {x:String}', parameters={'x': 'y'}, fmt='TSV'), b'y\n')

    def test_on_the_side_of_the_client(self):
        for text in STRINGS:
            with self.subTest(text[:40]):
                self.assertEqual(self.value('%(x)s', parameters={'x': text}), text)
        self.assertEqual(self.value('%s', parameters=(date(2024, 1, 1),)), '2024-01-01')

    def test_do_not_stay(self):
        self.assertEqual(self.sent('UInt8', 7), 7)
        # The driver's requests share a session, and a parameter belongs to its request alone.
        with self.assertRaisesRegex(DatabaseError, 'Code: 456'):
            self.client.query('SELECT {x:UInt8}')
