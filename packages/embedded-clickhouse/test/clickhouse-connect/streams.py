"""Results that are read while they arrive."""

from clickhouse_connect.driver.exceptions import StreamFailureError

from connection import ClientCase, connect

ROWS = 1_000_000
QUERY = f'SELECT number, toString(number) AS s FROM numbers({ROWS})'
SUM = ROWS * (ROWS - 1) // 2

# It fails after a second, when a hundred of its blocks have gone out.
FAILS_LATE = 'SELECT sleepEachRow(0.01), throwIf(number = 100) FROM numbers(200)'
LATE = {'max_block_size': 1, 'wait_end_of_query': 0}


class Streams(ClientCase):
    def test_blocks_of_columns(self):
        for compress in ('lz4', 'zstd', 'gzip', False):
            with self.subTest(compress):
                client = connect(compress=compress)
                self.addCleanup(client.close)
                blocks = total = length = 0
                with client.query_column_block_stream(QUERY) as stream:
                    for numbers, texts in stream:
                        blocks += 1
                        total += sum(numbers)
                        length += sum(map(len, texts))
                self.assertEqual((total, length), (SUM, 5_888_890))
                self.assertGreater(blocks, 1)

    def test_blocks_of_rows(self):
        total = 0
        with self.client.query_row_block_stream(QUERY, settings={'max_block_size': 10_000}) as stream:
            for block in stream:
                self.assertLessEqual(len(block), 10_000)
                total += sum(n for n, _ in block)
        self.assertEqual(total, SUM)

    def test_rows(self):
        with self.client.query_rows_stream('SELECT number FROM numbers(100000)') as stream:
            self.assertEqual(sum(n for (n,) in stream), 4_999_950_000)

    def test_no_rows(self):
        with self.client.query_rows_stream('SELECT number FROM numbers(0)') as stream:
            self.assertEqual(list(stream), [])

    def test_raw(self):
        lines = 0
        with self.client.raw_stream(f'SELECT number FROM numbers({ROWS})', fmt='TSV') as stream:
            for chunk in iter(lambda: stream.read(65_536), b''):
                lines += chunk.count(b'\n')
        self.assertEqual(lines, ROWS)

    def test_one_that_is_left_early(self):
        # Not an endless one: the driver itself reads what is left when it closes a stream.
        with self.client.query_rows_stream(QUERY) as stream:
            self.assertEqual([row[0] for row, _ in zip(stream, range(3))], [0, 1, 2])
        self.assertEqual(self.client.command('SELECT 1'), 1)

    def test_one_that_fails_late(self):
        for compress in ('lz4', 'zstd', 'gzip', False):
            with self.subTest(compress):
                client = connect(compress=compress)
                self.addCleanup(client.close)
                rows = 0
                with self.assertRaisesRegex(StreamFailureError, "Value passed to 'throwIf' function is non-zero"):
                    with client.query_rows_stream(FAILS_LATE, settings=LATE) as stream:
                        for _ in stream:
                            rows += 1
                self.assertGreater(rows, 0)
                self.assertEqual(client.command('SELECT 1'), 1)
