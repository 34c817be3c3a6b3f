"""What holds for one request, for a client, for a session, and for nobody else."""

import threading
import uuid

from clickhouse_connect.driver.exceptions import DatabaseError

from connection import ClientCase, connect

SETTING = "getSetting('max_block_size')"


class Sessions(ClientCase):
    def client_in(self, session_id, **options):
        client = connect(session_id=session_id, **options)
        self.addCleanup(client.close)
        return client

    def test_settings_of_a_request(self):
        usual = self.value(SETTING)
        self.assertEqual(self.value(SETTING, settings={'max_block_size': 1234}), 1234)
        self.assertEqual(self.value(SETTING), usual)

    def test_settings_of_a_client(self):
        mine = connect(settings={'max_block_size': 4321})
        self.addCleanup(mine.close)
        self.assertEqual(mine.command(f'SELECT {SETTING}'), 4321)
        self.assertEqual(mine.query(f'SELECT {SETTING}', settings={'max_block_size': 7}).first_row[0], 7)
        self.assertNotEqual(self.value(SETTING), 4321)

    def test_settings_that_a_session_sets(self):
        mine = self.client_in(uuid.uuid4().hex)
        mine.command('SET max_block_size = 99')
        self.assertEqual(mine.command(f'SELECT {SETTING}'), 99)
        self.assertEqual(mine.query(f'SELECT {SETTING}', settings={'max_block_size': 98}).first_row[0], 98)
        self.assertEqual(mine.command(f'SELECT {SETTING}'), 99)

    def test_an_unknown_setting(self):
        with self.assertRaises(DatabaseError) as raised:
            self.client.query('SELECT 1', settings={'no_such_setting': 1})
        self.assertEqual(raised.exception.code, 115)

    def test_a_database(self):
        database = f'other_{uuid.uuid4().hex}'
        self.client.command(f'CREATE DATABASE {database}')
        self.addCleanup(self.client.command, f'DROP DATABASE {database}')
        other = connect(database=database)
        self.addCleanup(other.close)
        self.assertEqual(other.command('SELECT currentDatabase()'), database)
        other.database = None
        self.assertEqual(other.command('SELECT currentDatabase()'), 'default')
        other.command(f'USE {database}')
        self.assertEqual(other.command('SELECT currentDatabase()'), database)

    def test_temporary_tables(self):
        session_id = uuid.uuid4().hex
        mine = self.client_in(session_id)
        mine.command('CREATE TEMPORARY TABLE kept (a UInt8, s String)')
        mine.insert('kept', [[1, 'x'], [2, 'y']], column_names=['a', 's'], column_type_names=['UInt8', 'String'])
        self.assertEqual(self.client_in(session_id).query('SELECT * FROM kept ORDER BY a').result_rows, [(1, 'x'), (2, 'y')])
        with self.assertRaises(DatabaseError) as raised:
            self.client.query('SELECT * FROM kept')
        self.assertEqual(raised.exception.code, 60)

    def test_one_request_at_a_time(self):
        session_id = uuid.uuid4().hex
        first, second = self.client_in(session_id), self.client_in(session_id)
        slow = threading.Thread(target=first.command, args=('SELECT sleep(3)',))
        slow.start()
        running = "SELECT count() FROM system.processes WHERE query LIKE '%sleep(3)%' AND query NOT LIKE '%processes%'"
        while self.client.command(running) == 0:
            self.assertTrue(slow.is_alive(), 'the slow query was never seen')
        with self.assertRaises(DatabaseError) as raised:
            second.command('SELECT 1')
        self.assertEqual((raised.exception.code, raised.exception.name), (373, 'SESSION_IS_LOCKED'))
        slow.join()
        self.assertEqual(second.command('SELECT 1'), 1)

    def test_many_clients_at_once(self):
        wrong = []

        def work(n):
            client = connect(settings={'max_block_size': 1_000 + n})
            for _ in range(10):
                answer = client.query(f'SELECT {SETTING}, {{n:UInt32}}', parameters={'n': n}).first_row
                if answer != (1_000 + n, n):
                    wrong.append(answer)
            client.close()

        threads = [threading.Thread(target=work, args=(n,)) for n in range(8)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        self.assertEqual(wrong, [])

    def test_settings_that_the_server_has_set(self):
        mine = self.client_in(uuid.uuid4().hex)
        usual = mine.command("SELECT getSetting('async_insert')")
        self.assertTrue(mine.query("SELECT getSetting('async_insert')", settings={'async_insert': 1}).first_row[0])
        self.assertEqual(mine.command("SELECT getSetting('async_insert')"), usual)
