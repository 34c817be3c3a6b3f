"""How every module reaches the server that the vitest file started."""

import os
import unittest
import uuid

import clickhouse_connect

HOST = '127.0.0.1'
PORT = int(os.environ['CLICKHOUSE_PORT'])


def connect(**options):
    """A client of its own, closed by whoever opened it."""
    return clickhouse_connect.get_client(host=HOST, port=PORT, **options)


class ClientCase(unittest.TestCase):
    """A test with a client and a table name that no other test uses."""

    def setUp(self):
        self.client = connect()
        self.addCleanup(self.client.close)
        self.table = f'case_{uuid.uuid4().hex}'

    def create(self, columns, engine='MergeTree ORDER BY tuple()'):
        """Makes the test's table; it goes when the test ends."""
        self.client.command(f'CREATE TABLE {self.table} ({columns}) ENGINE = {engine}')
        self.addCleanup(self.client.command, f'DROP TABLE IF EXISTS {self.table}')

    def value(self, expression, **options):
        """The one value of `SELECT expression`."""
        return self.client.query(f'SELECT {expression}', **options).first_row[0]
