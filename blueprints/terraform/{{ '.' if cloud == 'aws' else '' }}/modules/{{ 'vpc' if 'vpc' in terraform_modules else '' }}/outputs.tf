output "vpc_id" {
  description = "ID of the VPC."
  value       = aws_vpc.this.id
}

output "vpc_cidr" {
  description = "IPv4 block of the VPC."
  value       = aws_vpc.this.cidr_block
}

output "public_subnet_ids" {
  description = "IDs of the public subnets by zone."
  value       = { for zone, subnet in aws_subnet.public : zone => subnet.id }

  depends_on = [aws_route.public_internet, aws_route_table_association.public]
}

# What starts in a private subnet needs the way out at once (nodes join, agents register), so the
# IDs are handed out when the routes stand.
output "private_subnet_ids" {
  description = "IDs of the private subnets by zone."
  value       = { for zone, subnet in aws_subnet.private : zone => subnet.id }

  depends_on = [aws_route.private_nat, aws_route_table_association.private]
}

output "database_subnet_ids" {
  description = "IDs of the database subnets by zone."
  value       = { for zone, subnet in aws_subnet.database : zone => subnet.id }
}

output "nat_public_ips" {
  description = "Addresses that traffic from the private subnets comes from, by zone of the NAT gateway."
  value       = { for zone, address in aws_eip.nat : zone => address.public_ip }
}
