@description('Name of the app.')
param siteName string

@description('Where it is.')
param location string

@description('Tags of the environment.')
param tags object

@description('Every custom host name.')
param hosts string[]

@description('Those of them that are not bound yet.')
param newHosts string[]

resource site 'Microsoft.Web/sites@2024-11-01' existing = {
  name: siteName
}

// Without a certificate, which can be asked for only once the name is bound. Not for names that have theirs already: declared
// again like this they would lose it. One after the other: the app refuses two changes at a time (409).
@batchSize(1)
resource bindings 'Microsoft.Web/sites/hostNameBindings@2024-11-01' = [for host in newHosts: {
  parent: site
  name: host
  properties: {
    siteName: siteName
    hostNameType: 'Verified'
    customHostNameDnsRecordType: 'CName'
  }
}]

// A module of its own, since one template cannot declare a binding twice.
@batchSize(1)
module secured 'domain.bicep' = [for host in hosts: {
  name: 'domain-${uniqueString(host)}'
  params: {
    siteName: siteName
    location: location
    tags: tags
    host: host
  }
  dependsOn: [bindings]
}]
