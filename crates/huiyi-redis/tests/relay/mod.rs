//! A way to a server that can fall silent or lead elsewhere.

use std::io::{Read as _, Write as _};
use std::net::{Shutdown, SocketAddr, TcpListener, TcpStream};
use std::sync::atomic::{AtomicBool, AtomicU16, Ordering};
use std::sync::{Arc, Mutex};
use std::thread;

/// An address that leads to a port of this machine.
pub(crate) struct Relay {
    address: SocketAddr,
    port: Arc<AtomicU16>,
    /// One flag for each connection: whether it is silent.
    connections: Arc<Mutex<Vec<Arc<AtomicBool>>>>,
}

impl Relay {
    pub(crate) fn start(port: u16) -> Self {
        let listener = TcpListener::bind(("127.0.0.1", 0)).unwrap();
        let relay = Self {
            address: listener.local_addr().unwrap(),
            port: Arc::new(AtomicU16::new(port)),
            connections: Arc::default(),
        };
        let (port, connections) = (Arc::clone(&relay.port), Arc::clone(&relay.connections));
        thread::spawn(move || {
            for client in listener.incoming() {
                let client = client.unwrap();
                let Ok(server) = TcpStream::connect(("127.0.0.1", port.load(Ordering::SeqCst))) else { continue };
                let silent = Arc::new(AtomicBool::new(false));
                connections.lock().unwrap().push(Arc::clone(&silent));
                let (from_client, from_server) = (client.try_clone().unwrap(), server.try_clone().unwrap());
                let also_silent = Arc::clone(&silent);
                thread::spawn(move || pass_on(from_client, server, &silent));
                thread::spawn(move || pass_on(from_server, client, &also_silent));
            }
        });
        relay
    }

    pub(crate) fn url(&self) -> String {
        format!("redis://{}", self.address)
    }

    /// All connections of now stay open and pass on nothing more. New ones work.
    pub(crate) fn fall_silent(&self) {
        for silent in self.connections.lock().unwrap().iter() {
            silent.store(true, Ordering::SeqCst);
        }
    }

    /// New connections lead to this port.
    pub(crate) fn lead_to(&self, port: u16) {
        self.port.store(port, Ordering::SeqCst);
    }
}

fn pass_on(mut from: TcpStream, mut to: TcpStream, silent: &AtomicBool) {
    let mut bytes = [0; 4096];
    while let Ok(length @ 1..) = from.read(&mut bytes) {
        if !silent.load(Ordering::SeqCst) && to.write_all(&bytes[..length]).is_err() {
            break;
        }
    }
    if !silent.load(Ordering::SeqCst) {
        let _ = to.shutdown(Shutdown::Both);
    }
}
