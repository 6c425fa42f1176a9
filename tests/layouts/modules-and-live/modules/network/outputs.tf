output "vpc_id" {
  description = "The network."
  value       = aws_vpc.main.id
}

output "private_subnet_ids" {
  description = "The private subnet of each zone."
  value       = { for zone, subnet in aws_subnet.private : zone => subnet.id }
}
